import type { CallRateStore, StoredBudget } from '../../common/call-rates/call-rate-store.interface.js';
import { steadyNow } from '../../common/steady-now.js';

const US = 1_000;

export class MemoryCallRateStore implements CallRateStore {
  readonly #fullAt = new Map<string, number>();

  async read(caller: string): Promise<StoredBudget> {
    return { fullAt: this.#fullAt.get(caller), now: Math.floor(steadyNow() * US) };
  }

  async swap(caller: string, before: number | undefined, after: number): Promise<boolean> {
    if (this.#fullAt.get(caller) !== before) return false;
    this.#fullAt.set(caller, after);
    return true;
  }

  async prune(limit: number): Promise<number> {
    let pruned = 0;
    for (const [caller, fullAt] of this.#fullAt) {
      if (pruned >= limit) break;
      if (fullAt < steadyNow() * US) pruned += Number(this.#fullAt.delete(caller));
    }
    return pruned;
  }
}
