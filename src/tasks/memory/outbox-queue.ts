import type { PendingEvent } from '../pending-event.js';
import type { TaskRow } from './task-row.js';

export interface OutboxRow {
  readonly id: string;
  readonly seq: number;
  readonly event: PendingEvent;
  attempts: number;
  /** Milliseconds since the epoch; earlier it is hidden. */
  dueAt: number;
}

/** What one push notification config of one task is owed. */
export interface OutboxQueue {
  readonly row: TaskRow;
  readonly configId: string;
  /** Oldest first. Only the first is ever handed out, so only the first is ever done with. */
  readonly owed: OutboxRow[];
  /** Given up, with the reason. */
  readonly dead: { readonly entry: OutboxRow; readonly reason: string }[];
}
