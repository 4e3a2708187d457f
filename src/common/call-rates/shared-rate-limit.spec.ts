import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RateState } from '../rate-limit.js';
import type { CallRateStore, StoredBudget } from './call-rate-store.interface.js';
import { SharedRateLimit } from './shared-rate-limit.js';

/** A storage with a clock that the test sets, which counts its accesses. */
class TestStore implements CallRateStore {
  readonly #fullAt = new Map<string, number>();
  accesses = 0;
  pruned = 0;
  down = false;

  constructor(private readonly nowMs: () => number) {}

  async read(caller: string): Promise<StoredBudget> {
    this.accesses++;
    if (this.down) throw new Error('down');
    return { fullAt: this.#fullAt.get(caller), now: this.nowMs() * 1_000 };
  }

  async swap(caller: string, before: number | undefined, after: number): Promise<boolean> {
    this.accesses++;
    if (this.#fullAt.get(caller) !== before) return false;
    this.#fullAt.set(caller, after);
    return true;
  }

  async prune(): Promise<number> {
    return ++this.pruned;
  }
}

describe('SharedRateLimit', () => {
  let now: number;
  let store: TestStore;
  const limit = (): SharedRateLimit => new SharedRateLimit(store, () => now);
  beforeEach(() => {
    now = 1_000_000;
    store = new TestStore(() => now);
  });

  /** Calls one after the other, in turns by these processes. */
  async function calls(processes: readonly SharedRateLimit[], count: number, perMinute: number): Promise<RateState[]> {
    const states: RateState[] = [];
    for (let n = 0; n < count; n++) states.push((await processes[n % processes.length]!.take('a', perMinute))!);
    return states;
  }
  const served = (states: readonly RateState[]): number => states.filter(({ ok }) => ok).length;

  it('counts nothing at 0', () => {
    expect([limit().take('a', 0), store.accesses]).toEqual([undefined, 0]);
  });

  it.each([1, 7, 60, 600, 10_000])('gives %i calls in all, through any of the processes', async (perMinute) => {
    const processes = [limit(), limit(), limit()];
    const states = await calls(processes, perMinute * 2, perMinute);
    expect(served(states)).toBe(perMinute);
    expect(states[0]).toMatchObject({ perMinute, ok: true, remaining: perMinute - 1 });
    expect(states.at(-1)).toMatchObject({ ok: false, remaining: 0 });
  });

  it('asks the storage for few of the calls', async () => {
    await calls([limit()], 600, 600);
    expect(store.accesses).toBeLessThan(100);
    store.accesses = 0;
    const refused = await calls([limit()], 1_000, 600);
    expect([served(refused), store.accesses]).toEqual([0, 1]);
  });

  it('gives calls back evenly, and says when', async () => {
    const one = limit();
    await calls([one], 60, 60);
    const refused = (await one.take('a', 60))!;
    expect(refused.retryMs).toBeCloseTo(1_000);
    expect(refused.resetMs).toBeCloseTo(60_000);
    now += 999;
    expect((await one.take('a', 60))?.ok).toBe(false);
    now += 1;
    expect(served(await calls([one, limit()], 2, 60))).toBe(1);
    now += 10_000;
    expect(served(await calls([limit(), one], 30, 60))).toBe(10);
  });

  it('serves calls that wait together, each once', async () => {
    const [one, two] = [limit(), limit()];
    const states = await Promise.all(Array.from({ length: 200 }, (_, n) => (n % 2 ? one : two).take('a', 50)));
    expect(served(states as RateState[])).toBe(50);
  });

  it('does not use calls that it took long ago, and counts callers apart', async () => {
    const one = limit();
    expect(served(await calls([one], 1, 80))).toBe(1);
    now += 60_001;
    expect(served(await calls([one, limit()], 200, 80))).toBe(80);
    expect(((await one.take('b', 1)) as RateState).ok).toBe(true);
  });

  it('counts for itself while the storage fails', async () => {
    store.down = true;
    const one = limit();
    expect(served(await calls([one], 10, 3))).toBe(3);
    store.down = false;
    expect(served(await calls([one], 10, 3))).toBe(3);
  });

  it('forgets whole budgets from time to time', async () => {
    const one = limit();
    await one.take('a', 60);
    now += 11 * 60_000;
    await one.take('a', 60);
    await one.take('b', 60);
    expect(store.pruned).toBe(1);
  });
});
