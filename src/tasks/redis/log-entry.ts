import { CommittedEvent } from '../committed-event.js';
import { kindCode, toEvent } from '../event-row.js';
import type { PendingEvent } from '../pending-event.js';
import { toStored } from '../task-states.js';

/** A decoded entry of a log. */
export interface LogEntry {
  readonly seq: number;
  readonly kind: number;
  readonly state: string | null;
  readonly data: string;
  readonly inbound: string | null;
  readonly request: string | null;
}

const lengthOf = (text: string | undefined): string => (text === undefined ? '-' : String(text.length));

/**
 * An event in the form of the log: a line with kind, seq, fence, state and the lengths (UTF-16) of its texts ('-': absent), then
 * the texts, unchanged.
 */
export function encodeEntry(event: PendingEvent, seq: number, fence: number): string {
  const { data, inbound, request, state } = event;
  const head = [kindCode(event), seq, fence, state ? toStored(state) : '-', data.length];
  return `${head.join(' ')} ${lengthOf(inbound)} ${lengthOf(request)}\n${data}${inbound ?? ''}${request ?? ''}`;
}

export function decodeEntry(entry: string): LogEntry {
  const end = entry.indexOf('\n');
  const [kind, seq, , state = '-', ...lengths] = entry.slice(0, end).split(' ');
  let from = end + 1;
  const [data, inbound, request] = lengths.map((length) => {
    if (length === '-') return null;
    const text = entry.slice(from, from + Number(length));
    from += Number(length);
    return text;
  });
  return {
    seq: Number(seq),
    kind: Number(kind),
    state: state === '-' ? null : state,
    data: data ?? '',
    inbound: inbound ?? null,
    request: request ?? null,
  };
}

export const committedEntry = (task: { taskId: string; contextId: string }, entry: string): CommittedEvent =>
  toEvent(task, decodeEntry(entry));
