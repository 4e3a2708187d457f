import type { TaskScope } from '../security/call-context.js';
import type { CommittedEvent } from './committed-event.js';
import type { PushConfig } from './push-config-store.interface.js';

export const OUTBOX = Symbol('Outbox');

/** One delivery: an event for one push notification config. Written by the statement that commits the event. */
export interface OutboxEntry {
  readonly id: string;
  readonly event: CommittedEvent;
  readonly config: PushConfig;
  /** Of the task. */
  readonly scope: TaskScope;
  /** Deliveries tried before. */
  readonly attempts: number;
  /** Deliveries to its config that were given up since the last that was completed. */
  readonly givenUp: number;
  /** A newer event is owed to its config. */
  readonly followed: boolean;
}

/** By what is chosen among the deliveries that are due. */
export interface DueDelivery {
  readonly owner: string;
  /** Name and port of the target; '' when it is not known before the delivery is taken. */
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
}

/** Which of these are taken, in order. Called with one page after the other until `limit` are chosen. */
export type ChooseDue = <D extends DueDelivery>(due: readonly D[]) => readonly D[];

export interface TakeOptions {
  /** Stop after the event that passes this many bytes; at least one entry is returned. */
  readonly maxBytes?: number;
  /** Default: those that are due for longest. */
  readonly choose?: ChooseDue;
}

/**
 * Deliveries that are owed, in order per config of a task: each status and each whole artifact (of chunks that are appended
 * to one only the last), and the task itself when a config came with the message that made it. They go with their task and
 * with their config.
 */
export interface Outbox {
  /**
   * Up to `limit` entries that are due, hidden from other takers for `leaseMs`; per config only the oldest. What is passed over by
   * the choice hides nothing behind it, however much it is: this call or one of the next looks behind it.
   */
  take(limit: number, leaseMs: number, options?: TakeOptions): Promise<OutboxEntry[]>;
  complete(ids: readonly string[]): Promise<void>;
  /**
   * Drops the entry, and those behind it, as far as they are artifacts which a later entry of the same config follows: the first
   * that is none, or the newest, is due at once.
   */
  skipFollowed(id: string): Promise<void>;
  /** Due again after `delayMs`, as if it had not been taken. */
  release(ids: readonly string[], delayMs: number): Promise<void>;
  /** Due again after `delayMs`, with one attempt more than the entry had when it was taken; asked again, with no more than that. */
  retry(entry: Pick<OutboxEntry, 'id' | 'attempts'>, delayMs: number): Promise<void>;
  /**
   * Gives up: keeps the entry as dead, out of the way of its successors. Returns how many deliveries to its config were given
   * up since the last that was completed, this one included, also when it is asked again; 0 when the entry is not there.
   */
  deadLetter(id: string, reason: string): Promise<number>;
  /**
   * Calls the listener after each commit of this process that wrote entries; what other processes write is found by looking.
   * Returns the function that unsubscribes.
   */
  onOwed(listener: () => void): () => void;
}
