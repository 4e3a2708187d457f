import { exponentialDelay } from '../common/backoff.js';

const BACKOFF = { firstMs: 20, maxMs: 500 };

/** Items that cannot be processed for a while. Each returns after a pause that grows with how often it was set aside. */
export class SetAside<T extends { readonly item: unknown }> {
  readonly #timers = new Map<T, NodeJS.Timeout>();
  readonly #times = new WeakMap<T, number>();

  constructor(private readonly comesBack: (item: T) => void) {}

  get size(): number {
    return this.#timers.size;
  }

  add(item: T): void {
    const times = this.#times.get(item) ?? 0;
    this.#times.set(item, times + 1);
    const back = (): void => {
      this.#timers.delete(item);
      this.comesBack(item);
    };
    this.#timers.set(item, setTimeout(back, exponentialDelay(times, BACKOFF)));
  }

  /** The items that are set aside. */
  items(): Iterable<T> {
    return this.#timers.keys();
  }

  /** Returns all items immediately. */
  clear(): void {
    for (const [item, timer] of this.#timers) {
      clearTimeout(timer);
      this.#timers.delete(item);
      this.comesBack(item);
    }
  }
}
