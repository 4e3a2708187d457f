import { CommittedEvent } from '../committed-event.js';
import type { EventKind } from '../pending-event.js';
import { fromStored } from './task-states.js';

const KINDS: readonly EventKind[] = ['task', 'status', 'artifact'];

/** How the log stores what kind an event is. */
export const KIND_CODES: Readonly<Record<EventKind, number>> = { task: 0, status: 1, artifact: 2 };

/** Of a2a_event, named `e`. */
export const EVENT_COLUMNS = 'e.seq, e.kind, e.state, e.data, e.inbound';

export interface EventRow {
  seq: number;
  kind: number;
  state: string | null;
  data: string;
  inbound: string | null;
}

export function toEvent(task: { taskId: string; contextId: string }, row: EventRow): CommittedEvent {
  const kind = KINDS[row.kind];
  if (!kind) throw new Error(`The database holds the event kind ${row.kind}, which this version does not know.`);
  return new CommittedEvent(
    task.taskId,
    task.contextId,
    row.seq,
    kind,
    row.data,
    row.state === null ? undefined : fromStored(row.state),
    row.inbound ?? undefined,
  );
}
