import type { PendingEvent } from '../pending-event.js';
import type { PushConfig } from '../push-config-store.interface.js';
import type { MemoryRow } from './memory-row.js';

export interface OutboxRow {
  readonly id: string;
  readonly seq: number;
  readonly event: PendingEvent;
  attempts: number;
  /** Hidden until then, in milliseconds since the epoch. */
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
  /** Whether events are owed to it. */
  active: boolean;
  /** Deliveries that were dead-lettered since the last completed one. */
  givenUp: number;
  /** Oldest first. Only the first is ever handed out, so only the first can be settled. */
  readonly owed: OutboxRow[];
  /** Dead-lettered entries, with the reason. */
  readonly dead: { readonly entry: OutboxRow; readonly reason: string }[];
}
