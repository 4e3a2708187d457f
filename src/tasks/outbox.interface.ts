import type { CommittedEvent } from './committed-event.js';

export const OUTBOX = Symbol('Outbox');

/** One delivery: an event for one push notification config. Written by the append statement itself. */
export interface OutboxEntry {
  readonly id: string;
  readonly configId: string;
  readonly event: CommittedEvent;
  /** Deliveries tried before. */
  readonly attempts: number;
}

/**
 * Deliveries that are owed, in order per config of a task. The append writes them, for each status and each whole artifact (of
 * an artifact that grows by chunks, only for the last); a sender drains them. They go with their task.
 */
export interface Outbox {
  /** Up to `limit` entries that are due, hidden from other takers for `leaseMs`; per config only the oldest. */
  take(limit: number, leaseMs: number): Promise<OutboxEntry[]>;
  complete(id: string): Promise<void>;
  /** Due again after `delayMs`. */
  retry(id: string, delayMs: number): Promise<void>;
  /** Gives up: keeps the entry as dead, out of the way of its successors. */
  bury(id: string, reason: string): Promise<void>;
}
