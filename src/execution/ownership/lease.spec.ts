import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Lease } from './lease.js';
import type { Renewal } from './renewal.thread.js';

const LEASE_MS = 30_000;

/** A lease storage on the test's clock; it can be unavailable, silent or slow. */
class FakeLeases {
  readonly ends = new Map<string, number>();
  readonly calls: string[] = [];
  mode: 'well' | 'away' | 'silent' = 'well';
  exclusive = false;
  delayMs = 0;

  registerReplica(id: string, leaseMs: number): Promise<void> {
    return this.#answer('register', () => void this.ends.set(id, performance.now() + leaseMs));
  }

  renewReplica(id: string, leaseMs: number): Promise<boolean> {
    return this.#answer('renew', () => {
      const kept = this.alive(id);
      if (kept) this.ends.set(id, performance.now() + leaseMs);
      return kept;
    });
  }

  removeReplica(id: string): Promise<void> {
    return this.#answer('remove', () => void this.ends.delete(id));
  }

  alive(id: string): boolean {
    return (this.ends.get(id) ?? 0) > performance.now();
  }

  async #answer<T>(call: string, work: () => T): Promise<T> {
    this.calls.push(call);
    if (this.mode === 'away') throw new Error('away');
    if (this.mode === 'silent') return new Promise<never>(() => undefined);
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    return work();
  }
}

describe('Lease', () => {
  let store: FakeLeases;
  let lease: Lease;
  /** For each loss: whether the storage still counted the lost id as alive. */
  let losses: boolean[];
  let lastId: string;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    }
    store = new FakeLeases();
    losses = [];
    lease = new Lease(store, LEASE_MS, () => losses.push(store.alive(lastId)));
    await lease.take();
    lastId = lease.id;
    lease.keep();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  it('is renewed five times in its time, and stays the same', async () => {
    const { id } = lease;
    await pass(10 * LEASE_MS);
    expect(store.calls.filter((call) => call === 'renew')).toHaveLength(50);
    expect([lease.id, lease.held, losses]).toEqual([id, true, []]);
  });

  it('outlives a storage that is unreachable most of the time', async () => {
    const { id } = lease;
    for (let outage = 0; outage < 40; outage++) {
      store.mode = 'away';
      await pass(9_700);
      store.mode = 'well';
      await pass(800);
    }
    expect([lease.id, lease.held, losses]).toEqual([id, true, []]);
    expect(store.alive(id)).toBe(true);
  });

  it.each(['away', 'silent'] as const)(
    'is given up before others may take its runs when the storage is %s',
    async (mode) => {
      const { id } = lease;
      await pass(LEASE_MS / 5);
      store.mode = mode;
      await pass(LEASE_MS * 0.9 - 1);
      expect([lease.id, lease.held]).toEqual([id, true]);
      await pass(2);
      expect(losses).toEqual([true]);
      expect(lease.held).toBe(false);
      expect(lease.id).not.toBe(id);
    },
  );

  it('counts from before a renewal was sent, not from when it was answered', async () => {
    store.delayMs = 8_000;
    // Sent after 6 s, answered after 14 s.
    await pass(LEASE_MS / 5 + 8_000);
    store.mode = 'away';
    await pass(LEASE_MS * 0.9 - 8_000 - 1);
    expect(lease.held).toBe(true);
    await pass(2);
    expect(lease.held).toBe(false);
  });

  it('goes on under a new id when the storage is back, and the old one is dead at once', async () => {
    const { id } = lease;
    store.mode = 'away';
    await pass(LEASE_MS);
    store.mode = 'well';
    // As if an abandoned renewal had arrived late.
    store.ends.set(id, performance.now() + LEASE_MS);
    await pass(1_000);
    expect(lease.held).toBe(true);
    expect([store.alive(lease.id), store.alive(id)]).toEqual([true, false]);
    await pass(5 * LEASE_MS);
    expect([lease.held, losses]).toEqual([true, [true]]);
  });

  it('is lost when the storage says that it had lapsed', async () => {
    const { id } = lease;
    store.ends.delete(id);
    await pass(LEASE_MS / 5);
    expect(losses).toEqual([false]);
    expect(lease.id).not.toBe(id);
    await pass(1_000);
    expect([lease.held, store.alive(lease.id)]).toEqual([true, true]);
  });

  it('takes no late answer about the lost id for one about the new', async () => {
    store.delayMs = LEASE_MS;
    await pass(LEASE_MS * 2);
    expect(losses).toHaveLength(1);
    expect(lease.held).toBe(false);
    store.delayMs = 0;
    await pass(LEASE_MS);
    expect([lease.held, store.alive(lease.id), losses.length]).toEqual([true, true, 1]);
  });

  it('is over for a process that was stopped for longer, before it does anything else', async () => {
    const { id } = lease;
    // Time passes, and no timer fires until the process continues.
    const asleep = performance.now() + 2 * LEASE_MS;
    jest.spyOn(performance, 'now').mockImplementation(() => asleep);
    expect(lease.held).toBe(false);
    await pass(LEASE_MS / 3);
    expect(lease.id).not.toBe(id);
    expect(store.calls).toEqual(['register', 'register', 'remove']);
  });

  it('is given back at the end, and no renewal brings it back', async () => {
    store.delayMs = 1_000;
    await pass(LEASE_MS / 5 + 500);
    const ended = lease.end();
    await pass(3_000);
    await ended;
    expect(lease.held).toBe(false);
    expect(store.ends.size).toBe(0);
    await pass(LEASE_MS);
    expect(store.ends.size).toBe(0);
    expect(store.calls).toEqual(['register', 'renew', 'remove']);
  });

  it('does not keep a shutdown waiting for a storage that is silent', async () => {
    store.mode = 'silent';
    const ended = lease.end();
    const outcome = expect(ended).rejects.toThrow('no answer within 5000 ms');
    await pass(5_000);
    await outcome;
  });

  it('does not end where nobody else can own runs, however long the process stood still', async () => {
    store.exclusive = true;
    const { id } = lease;
    store.mode = 'away';
    await pass(10 * LEASE_MS);
    expect([lease.id, lease.held, losses]).toEqual([id, true, []]);
    store.ends.delete(id);
    store.mode = 'well';
    await pass(LEASE_MS);
    expect(losses).toHaveLength(1);
    expect(lease.id).not.toBe(id);
  });

  describe('that a thread renews', () => {
    /** What the thread did. */
    const thread = { ids: [] as string[], renewedAt: undefined as number | undefined, lost: false };
    const renewal: Renewal = {
      begin: (id) => {
        thread.ids.push(id);
        Object.assign(thread, { renewedAt: undefined, lost: false });
      },
      get renewedMsAgo() {
        return thread.renewedAt === undefined ? undefined : performance.now() - thread.renewedAt;
      },
      get lost() {
        return thread.lost;
      },
      end: () => Promise.resolve(),
    };
    beforeEach(async () => {
      thread.ids = [];
      await lease.end();
      store.calls.length = 0;
      lease = new Lease(store, LEASE_MS, () => losses.push(store.alive(lastId)), renewal);
      await lease.take();
      lastId = lease.id;
      lease.keep();
    });

    it('is not renewed here as well', async () => {
      for (let n = 0; n < 50; n++) {
        thread.renewedAt = performance.now();
        await pass(LEASE_MS / 5);
      }
      expect(store.calls).toEqual(['register']);
      expect([thread.ids, lease.held, losses]).toEqual([[lease.id], true, []]);
    });

    it('is held by a process whose event loop stood still, before it does anything else', async () => {
      const { id } = lease;
      const asleep = performance.now() + 2 * LEASE_MS;
      thread.renewedAt = asleep - 100;
      jest.spyOn(performance, 'now').mockImplementation(() => asleep);
      expect(lease.held).toBe(true);
      await pass(LEASE_MS / 3);
      expect([lease.id, lease.held, losses]).toEqual([id, true, []]);
    });

    it('is lost when the thread stopped renewing in time', async () => {
      const asleep = performance.now() + 3 * LEASE_MS;
      thread.renewedAt = asleep - LEASE_MS * 0.95;
      jest.spyOn(performance, 'now').mockImplementation(() => asleep);
      expect(lease.held).toBe(false);
    });

    it('is renewed here when the thread does not', async () => {
      const { id } = lease;
      await pass(5 * LEASE_MS);
      expect(store.calls.filter((call) => call === 'renew').length).toBeGreaterThan(20);
      expect([lease.id, lease.held, losses]).toEqual([id, true, []]);
    });

    it('is given up when the storage told the thread that it is over; the thread renews the next one', async () => {
      const { id } = lease;
      thread.lost = true;
      await pass(LEASE_MS / 5 + 1_000);
      expect(lease.id).not.toBe(id);
      expect([lease.held, losses.length, thread.ids]).toEqual([true, 1, [id, lease.id]]);
    });
  });
});
