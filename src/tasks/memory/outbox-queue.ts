import type { PendingEvent } from '../pending-event.js';
import type { PushConfig } from '../push-config-store.interface.js';
import type { MemoryRow } from './memory-row.js';

export interface OutboxRow {
  readonly id: string;
  readonly seq: number;
  readonly event: PendingEvent;
  attempts: number;
  /** Milliseconds since the epoch; earlier it is hidden. */
  dueAt: number;
}

/** A push notification config of a task, and what it is owed. */
export interface OutboxQueue {
  readonly row: MemoryRow;
  config: PushConfig;
  /** Name and port of the webhook's host. */
  host: string;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
  /** Events are owed to it. */
  active: boolean;
  /** Deliveries given up since the last that was completed. */
  givenUp: number;
  /** Oldest first. Only the first is ever handed out, so only the first is ever done with. */
  readonly owed: OutboxRow[];
  /** Given up, with the reason. */
  readonly dead: { readonly entry: OutboxRow; readonly reason: string }[];
}
