import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Replica } from '../../tasks/run-store.interface.js';
import { LeaseExpiryMonitor } from './lease-expiry.monitor.js';

const LEASE_MS = 8_000;

/** The replicas of a storage whose clock can be set. */
class FakeReplicas {
  readonly expired: string[] = [];
  readonly #rows = new Map<string, { leaseMs?: number; mark: number; renewedAt: number }>();
  /** How far the storage's clock is ahead. */
  aheadMs = 0;
  #marks = 0;

  renew(id: string, leaseMs: number | undefined = LEASE_MS): void {
    this.#rows.set(id, { leaseMs, mark: ++this.#marks, renewedAt: performance.now() + this.aheadMs });
  }

  leave(id: string): void {
    this.#rows.delete(id);
  }

  async replicas(): Promise<Replica[]> {
    const now = performance.now() + this.aheadMs;
    return [...this.#rows].map(([id, row]) => ({
      ...{ id, leaseMs: row.leaseMs, mark: String(row.mark) },
      ageMs: now - row.renewedAt,
    }));
  }

  async expireReplica(id: string, mark: string): Promise<boolean> {
    if (String(this.#rows.get(id)?.mark) !== mark) return false;
    this.expired.push(id);
    return this.#rows.delete(id);
  }
}

describe('LeaseExpiryMonitor', () => {
  let storage: FakeReplicas;
  let watch: LeaseExpiryMonitor;
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    storage = new FakeReplicas();
    watch = new LeaseExpiryMonitor(storage, () => 'self', LEASE_MS);
  });
  afterEach(() => void jest.useRealTimers());

  /** Checks each second, while those in `alive` renew. Returns after how many ms something new was seen. */
  async function pass(ms: number, ...alive: string[]): Promise<number[]> {
    const told: number[] = [];
    for (let passed = 1_000; passed <= ms; passed += 1_000) {
      jest.advanceTimersByTime(1_000);
      for (const id of alive) storage.renew(id);
      if (await watch.anyNew()) told.push(passed);
    }
    return told;
  }

  it('ends the lease of a process that is silent for as long as that, once, and of nobody else', async () => {
    storage.renew('a');
    storage.renew('b');
    storage.renew('self');
    expect(await pass(3_000, 'a', 'b')).toEqual([]);
    expect(await pass(20_000, 'a')).toEqual([8_000]);
    expect(storage.expired).toEqual(['b']);
  });

  it('counts from the last renewal, not from when that was seen', async () => {
    storage.renew('a');
    await watch.anyNew();
    jest.advanceTimersByTime(100);
    storage.renew('a');
    jest.advanceTimersByTime(900);
    await watch.anyNew();
    jest.advanceTimersByTime(LEASE_MS - 900);
    expect(await watch.anyNew()).toBe(true);
  });

  it.each([3_600_000, -3_600_000])(
    'ends none when the storage’s clock is set by %i ms, and finds who dies',
    async (step) => {
      storage.renew('a');
      storage.renew('b');
      await pass(5_000, 'a', 'b');
      storage.aheadMs += step;
      // Before any replica renews, and afterwards.
      expect(await watch.anyNew()).toBe(false);
      expect(await pass(30_000, 'a', 'b')).toEqual([]);
      storage.aheadMs -= step;
      expect(await pass(20_000, 'a')).toEqual([8_000]);
      expect(storage.expired).toEqual(['b']);
    },
  );

  it('looks at those that it finds at its first look a while before it believes that they are lost', async () => {
    storage.renew('dead');
    storage.renew('alive');
    storage.aheadMs = 3_600_000;
    expect(await watch.anyNew()).toBe(false);
    expect(await pass(5_000, 'alive')).toEqual([2_000]);
    expect(storage.expired).toEqual(['dead']);
  });

  it('takes its own lease for that of processes that do not say theirs', async () => {
    storage.renew('old', undefined);
    expect(await pass(20_000)).toEqual([8_000]);
  });

  it('tells that a process left, or was expired by another one', async () => {
    storage.renew('a');
    expect(await watch.anyNew()).toBe(false);
    storage.leave('a');
    expect(await watch.anyNew()).toBe(true);
    expect(await watch.anyNew()).toBe(false);
  });
});
