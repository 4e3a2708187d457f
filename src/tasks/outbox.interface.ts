import type { TaskScope } from '../security/call-context.js';
import type { DeliveryAttempt } from './admin/delivery-attempt.js';
import type { CommittedEvent } from './committed-event.js';
import type { PushConfig } from './push-config-store.interface.js';

/** Injects the `Outbox`. */
export const OUTBOX = Symbol('Outbox');

/** One delivery: an event for one push notification config. The statement that commits the event writes it. */
export interface OutboxEntry {
  readonly id: string;
  readonly event: CommittedEvent;
  readonly config: PushConfig;
  /** The scope of the task. */
  readonly scope: TaskScope;
  /** Earlier delivery attempts. */
  readonly attempts: number;
  /** Deliveries to its config that were dead-lettered since the last completed one. */
  readonly givenUp: number;
  /** True: a newer event is owed to the same config. */
  readonly followed: boolean;
}

/** What a choice among due deliveries is based on. */
export interface DueDelivery {
  readonly owner: string;
  /** Name and port of the target; '' when it is unknown before the delivery is taken. */
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
}

/** Chooses which deliveries to take, in order. Called with one page after another until `limit` are chosen. */
export type ChooseDue = <D extends DueDelivery>(due: readonly D[]) => readonly D[];

/** Of `Outbox.take`. */
export interface TakeOptions {
  /** Stop after the event that exceeds this many bytes. At least one entry is returned. */
  readonly maxBytes?: number;
  /** Default: those that have been due the longest. */
  readonly choose?: ChooseDue;
}

/**
 * Deliveries that are owed, in order per config of a task: every status and every whole artifact (of an artifact that grows in
 * chunks only the last), and the task itself when a config came with the message that created it. They are deleted with their task
 * and with their config.
 */
export interface Outbox {
  /**
   * Up to `limit` due entries, hidden from other takers for `leaseMs`; only the oldest of each config. Entries that `choose`
   * passes over never hide the ones after them, however many they are: this call or one of the next reads on.
   */
  take(limit: number, leaseMs: number, options?: TakeOptions): Promise<OutboxEntry[]>;
  complete(ids: readonly string[]): Promise<void>;
  /**
   * Drops the entry and those after it, as long as they are artifacts with a later entry of the same config. The first entry that
   * is not one, or the newest, becomes due immediately.
   */
  skipFollowed(id: string): Promise<void>;
  /** The entries become due again after `delayMs`, as if they had not been taken. */
  release(ids: readonly string[], delayMs: number): Promise<void>;
  /**
   * The entry becomes due again after `delayMs`, with one attempt more than when it was taken. `attempt`: what that one met with,
   * kept for operators. Idempotent: a repeated call adds none.
   */
  retry(entry: Pick<OutboxEntry, 'id' | 'attempts'>, delayMs: number, attempt?: DeliveryAttempt): Promise<void>;
  /**
   * Dead-letters the entry: it is kept as dead and no longer blocks its successors. Returns how many deliveries to its config were
   * dead-lettered since the last completed one, this one included; a repeated call returns the same. 0: there is no such entry.
   * `attempt`: the last one, which then counts.
   */
  deadLetter(id: string, reason: string, attempt?: DeliveryAttempt): Promise<number>;
  /**
   * Calls the listener after each commit of this process that wrote entries; entries of other processes are found by polling.
   * Returns a function that unsubscribes.
   */
  onOwed(listener: () => void): () => void;
}
