import type { Observable } from 'rxjs';
import type { EventKind } from '../pending-event.js';
import type { OutboxEntry, TakeOptions } from '../outbox.interface.js';
import type { DecideDelivery } from './delivery-rules.js';

/** How many deliveries `DeliveryRows.deleteOldest` looks at. */
export const OLDEST_AT_ONCE = 1_000;

/** Deliveries to webhooks, as a storage keeps them. It applies what is decided and decides nothing. */
export interface DeliveryRows {
  /** Emits after each commit of this process that wrote deliveries. */
  readonly owed: Observable<void>;
  /** See Outbox. */
  take(limit: number, leaseMs: number, options: Required<TakeOptions>): Promise<OutboxEntry[]>;
  /**
   * Reads each delivery and applies what is decided, each atomically. `decide` may be called more than once. Results are in the order
   * of the ids.
   */
  change<T>(ids: readonly string[], decide: DecideDelivery<T>): Promise<T[]>;
  /** As `change` with `complete`, in one statement, which applies COMPLETED. */
  complete?(ids: readonly string[]): Promise<void>;
  /**
   * Deletes as many of the oldest deliveries to the webhook of an owed one as `count` says, and makes the next due at once. `count` gets
   * the kinds of their events, oldest first, OLDEST_AT_ONCE at most.
   */
  deleteOldest(id: string, count: (kinds: readonly EventKind[]) => number): Promise<void>;
}
