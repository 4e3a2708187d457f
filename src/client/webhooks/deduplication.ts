/** `new`: it is for you. `busy`: it is being handled. `handled`: it was. */
export type DeliveryState = 'new' | 'busy' | 'handled';

/**
 * Remembers which notifications were handled. Replicas of a receiver share one, for example on Redis: `begin` is `SET key busy NX PX …`.
 * Entries may be forgotten after the time for which senders retry; this server retries for up to an hour.
 */
export interface WebhookDeduplication {
  /** Atomic: only one caller gets `new`, until `end` says that it failed. */
  begin(key: string): DeliveryState | Promise<DeliveryState>;
  /** `handled: false`: it failed, and the next attempt is `new` again. */
  end(key: string, handled: boolean): void | Promise<void>;
}

/** In memory, the newest `max` notifications (default 10,000). A restart forgets them. */
export class MemoryDeduplication implements WebhookDeduplication {
  readonly #states = new Map<string, 'busy' | 'handled'>();

  constructor(private readonly max = 10_000) {}

  begin(key: string): DeliveryState {
    const state = this.#states.get(key);
    if (state) return state;
    this.#states.set(key, 'busy');
    const [oldest] = this.#states.keys();
    if (this.#states.size > this.max && oldest !== undefined) this.#states.delete(oldest);
    return 'new';
  }

  end(key: string, handled: boolean): void {
    this.#states.delete(key);
    if (handled) this.#states.set(key, 'handled');
  }
}
