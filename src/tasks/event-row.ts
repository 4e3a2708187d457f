import { CommittedEvent } from './committed-event.js';
import type { EventKind } from './pending-event.js';
import { fromStored } from './task-states.js';

const KINDS: readonly EventKind[] = ['task', 'status', 'artifact', 'artifact'];

/**
 * How the log stores the kind of an event. Artifact events that may hold metadata (which the task takes over) have their own code:
 * a reader that does not need artifacts can then skip all other artifact events.
 */
export const KIND_CODES = { task: 0, status: 1, artifact: 2, artifactWithMetadata: 3 } as const;

export function kindCode({ kind, data }: { readonly kind: EventKind; readonly data: string }): number {
  return kind === 'artifact' && data.includes('"metadata"') ? KIND_CODES.artifactWithMetadata : KIND_CODES[kind];
}

/** Columns of a2a_event, aliased `e`. */
export const EVENT_COLUMNS = 'e.seq, e.kind, e.state, e.data, e.inbound';

export interface EventRow {
  seq: number;
  kind: number;
  state: string | null;
  data: string;
  inbound: string | null;
}

export function kindOf(code: number): EventKind {
  const kind = KINDS[code];
  if (!kind) throw new Error(`The database holds the event kind ${code}, which this version does not know.`);
  return kind;
}

export function toEvent(task: { taskId: string; contextId: string }, row: EventRow): CommittedEvent {
  return new CommittedEvent(
    task.taskId,
    task.contextId,
    row.seq,
    kindOf(row.kind),
    row.data,
    row.state === null ? undefined : fromStored(row.state),
    row.inbound ?? undefined,
  );
}
