import type { CommittedEvent } from './committed-event.js';
import type { PushConfig } from './push-config-store.interface.js';

export const OUTBOX = Symbol('Outbox');

/** One delivery: an event for one push notification config. Written by the statement that commits the event. */
export interface OutboxEntry {
  readonly id: string;
  readonly event: CommittedEvent;
  readonly config: PushConfig;
  /** Deliveries tried before. */
  readonly attempts: number;
}

/**
 * Deliveries that are owed, in order per config of a task: each status and each whole artifact (of chunks that are appended
 * to one only the last), and the task itself when a config came with the message that made it. They go with their task and
 * with their config.
 */
export interface Outbox {
  /**
   * Up to `limit` entries that are due, hidden from other takers for `leaseMs`; per config only the oldest. With `maxBytes` it
   * stops after the event that passes them; at least one is returned.
   */
  take(limit: number, leaseMs: number, maxBytes?: number): Promise<OutboxEntry[]>;
  complete(id: string): Promise<void>;
  /** Due again after `delayMs`, as if it had not been taken. */
  release(ids: readonly string[], delayMs: number): Promise<void>;
  /** Due again after `delayMs`, with one attempt more. */
  retry(id: string, delayMs: number): Promise<void>;
  /**
   * Gives up: keeps the entry as dead, out of the way of its successors. Returns how many deliveries to its config were given
   * up since the last that was completed, this one included; 0 when the entry is not there.
   */
  bury(id: string, reason: string): Promise<number>;
  /**
   * Calls the listener after each commit of this process that wrote entries; what other processes write is found by looking.
   * Returns the function that unsubscribes.
   */
  onOwed(listener: () => void): () => void;
}
