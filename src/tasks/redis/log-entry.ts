import { CommittedEvent } from '../committed-event.js';
import { kindCode, toEvent } from '../event-row.js';
import type { PendingEvent } from '../pending-event.js';
import { toStored } from '../task-states.js';

/** A decoded entry of a log. */
export interface LogEntry {
  readonly seq: number;
  readonly fence: number;
  readonly kind: number;
  readonly state: string | null;
  readonly data: string;
  readonly inbound: string | null;
  readonly request: string | null;
  /** When it was committed, in ms since the epoch. undefined: the version that wrote it did not tell. */
  readonly at: number | undefined;
}

const lengthOf = (text: string | undefined): string => (text === undefined ? '-' : String(text.length));

/**
 * An event in the form of the log: a line with kind, seq, fence, state and the lengths (UTF-16) of its texts ('-': absent), then
 * the texts, unchanged. The server adds the time of the commit to the line.
 */
export function encodeEntry(event: PendingEvent, seq: number, fence: number): string {
  const { data, inbound, request, state } = event;
  const head = [kindCode(event), seq, fence, state ? toStored(state) : '-', data.length];
  return `${head.join(' ')} ${lengthOf(inbound)} ${lengthOf(request)}\n${data}${inbound ?? ''}${request ?? ''}`;
}

export function decodeEntry(entry: string): LogEntry {
  const end = entry.indexOf('\n');
  const [kind, seq, fence, state = '-', ...lengths] = entry.slice(0, end).split(' ');
  const at = lengths[3];
  let from = end + 1;
  const [data, inbound, request] = lengths.slice(0, 3).map((length) => {
    if (length === '-') return null;
    const text = entry.slice(from, from + Number(length));
    from += Number(length);
    return text;
  });
  return {
    seq: Number(seq),
    fence: Number(fence),
    kind: Number(kind),
    state: state === '-' ? null : state,
    data: data ?? '',
    inbound: inbound ?? null,
    request: request ?? null,
    at: at === undefined ? undefined : Number(at),
  };
}

export const committedEntry = (task: { taskId: string; contextId: string }, entry: string): CommittedEvent =>
  toEvent(task, decodeEntry(entry));
