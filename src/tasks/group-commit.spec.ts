import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TaskLockedError } from './task-locked.error.js';
import { GroupCommit, type GroupCommitOptions, type Submitted } from './group-commit.js';

class Transient extends Error {}

interface Gate {
  /** The items of each commit so far. */
  readonly batches: number[][];
  /** Lets the commit in flight succeed, or fail with `error`. */
  release(error?: Error): Promise<void>;
}

const turn = (): Promise<void> => new Promise(setImmediate);

/** Commits wait until the test releases them. The result of an item is the item times ten. */
function gated(options: Partial<GroupCommitOptions<number, number>> = {}): GroupCommit<number, number> & Gate {
  const batches: number[][] = [];
  let open: ((error?: Error) => void) | undefined;
  const commits = new GroupCommit<number, number>({
    isTransient: (error) => error instanceof Transient,
    commit: async (batch) => {
      batches.push(batch.map(({ item }) => item));
      await new Promise<void>((resolve, reject) => (open = (error) => (error ? reject(error) : resolve())));
      return batch.map(({ item }) => item * 10);
    },
    ...options,
  });
  const release = async (error?: Error): Promise<void> => {
    await turn();
    open?.(error);
    await turn();
  };
  return Object.assign(commits, { batches, release });
}

/** Commits immediately, except items for which `fault` returns an error. */
function direct(
  fault: (batch: readonly Submitted<number>[]) => Error | undefined,
  options: Partial<GroupCommitOptions<number, number>> = {},
): { commits: GroupCommit<number, number>; stored: number[] } {
  const stored: number[] = [];
  const commits = new GroupCommit<number, number>({
    isTransient: (error) => error instanceof Transient,
    commit: async (batch) => {
      await turn();
      const error = fault(batch);
      if (error) throw error;
      stored.push(...batch.map(({ item }) => item));
      return batch.map(({ item }) => item * 10);
    },
    ...options,
  });
  return { commits, stored };
}

describe('GroupCommit', () => {
  it('has one commit in flight, and makes what arrives meanwhile the next batch', async () => {
    const commits = gated();
    const first = commits.submit(1);
    await turn();
    const rest = [2, 3, 4].map((item) => commits.submit(item));
    await turn();
    expect(commits.batches).toEqual([[1]]);
    await commits.release();
    expect(await first).toBe(10);
    await turn();
    expect(commits.batches).toEqual([[1], [2, 3, 4]]);
    await commits.release();
    expect(await Promise.all(rest)).toEqual([20, 30, 40]);
  });

  it('fills a batch up to its rows and bytes, and lets a larger item go alone', async () => {
    const commits = gated({ maxRows: 3, maxBytes: 100, bytesOf: (item) => item });
    const all = [1, 2, 3, 4, 60, 50, 500, 5].map((item) => commits.submit(item));
    for (let n = 0; n < 5; n++) await commits.release();
    expect(commits.batches).toEqual([[1, 2, 3], [4, 60], [50], [500], [5]]);
    await Promise.all(all);
  });

  it('never puts two items of one key into one batch, and keeps their order', async () => {
    const commits = gated({ keyOf: (item) => String(item % 10) });
    const all = [1, 2, 11, 21, 3].map((item) => commits.submit(item));
    for (let n = 0; n < 3; n++) await commits.release();
    expect(commits.batches).toEqual([[1, 2, 3], [11], [21]]);
    await Promise.all(all);
  });

  it('refuses exactly the guilty items of a batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(60), { maxLength: 60 }),
        fc.uniqueArray(fc.nat(60)),
        async (items, bad) => {
          const guilty = new Set(bad);
          const { commits, stored } = direct((batch) =>
            batch.some(({ item }) => guilty.has(item)) ? new Error('bad data') : undefined,
          );
          const results = await Promise.allSettled(items.map((item) => commits.submit(item)));
          expect(results.map(({ status }) => status)).toEqual(
            items.map((item) => (guilty.has(item) ? 'rejected' : 'fulfilled')),
          );
          expect(stored).toEqual(items.filter((item) => !guilty.has(item)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('repeats a batch after a transient error, tells the commit so, and keeps the order', async () => {
    const seen: [number, boolean][][] = [];
    let failures = 2;
    const { commits, stored } = direct((batch) => {
      seen.push(batch.map(({ item, retried }) => [item, retried]));
      return failures-- > 0 ? new Transient('connection lost') : undefined;
    });
    const first = commits.submit(1);
    await turn();
    const second = commits.submit(2);
    expect(await Promise.all([first, second])).toEqual([10, 20]);
    expect(stored).toEqual([1, 2]);
    expect(seen.slice(0, 2)).toEqual([
      [[1, false]],
      [
        [1, true],
        [2, false],
      ],
    ]);
  });

  it('puts back what a transient error interrupts in the middle of a search for the guilty item', async () => {
    let lost = false;
    const { commits, stored } = direct((batch) => {
      if (batch.length === 2 && !lost) {
        lost = true;
        return new Transient('connection lost');
      }
      return batch.some(({ item }) => item === 3) ? new Error('bad data') : undefined;
    });
    const results = await Promise.allSettled([1, 2, 3, 4].map((item) => commits.submit(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(stored).toEqual([1, 2, 4]);
  });

  it('gives up after retryForMs with UNAVAILABLE, and serves what comes later', async () => {
    let away = true;
    const { commits } = direct(() => (away ? new Transient('connection refused') : undefined), { retryForMs: 60 });
    await expect(commits.submit(1)).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    away = false;
    expect(await commits.submit(2)).toBe(20);
  });

  it('gives up what waits behind at the same age, and lets those in who wait for a place', async () => {
    const commits = gated({ maxRows: 1, maxWaiting: 2, retryForMs: 20 });
    const all = Promise.allSettled([1, 2, 3, 4, 5].map((item) => commits.submit(item)));
    await turn();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await commits.release(new Transient('connection refused'));
    // The pause after a failure.
    while (commits.batches.length < 2) await turn();
    await commits.release();
    await commits.release();
    expect(commits.batches).toEqual([[1], [4], [5]]);
    expect((await all).map(({ status }) => status)).toEqual([...Array(3).fill('rejected'), 'fulfilled', 'fulfilled']);
  });

  it('lets submitters wait while too many items wait', async () => {
    const commits = gated({ maxWaiting: 2, maxRows: 1 });
    const all = [1, 2, 3, 4, 5].map((item) => commits.submit(item));
    for (let n = 0; n < 5; n++) await commits.release();
    expect(await Promise.all(all)).toEqual([10, 20, 30, 40, 50]);
    expect(commits.batches).toEqual([[1], [2], [3], [4], [5]]);
  });

  it('commits what waits when it is closed, and takes nothing more', async () => {
    const commits = gated();
    const first = commits.submit(1);
    await turn();
    const second = commits.submit(2);
    const closed = commits.close();
    await expect(commits.submit(3)).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    await commits.release();
    await commits.release();
    expect(await Promise.all([first, second])).toEqual([10, 20]);
    await closed;
  });

  describe('with items that somebody else has locked', () => {
    class Locked extends Error {}

    /** `lockedOf` sees the locked items; a commit that holds one of them fails. */
    function lockable(locked: Set<number>, hidden = new Set<number>(), retryForMs = 60_000) {
      const batches: number[][] = [];
      const { commits, stored } = direct(
        (batch) => {
          const items = batch.map(({ item }) => item);
          batches.push(items);
          return items.some((item) => locked.has(item) || hidden.has(item)) ? new Locked() : undefined;
        },
        {
          retryForMs,
          keyOf: (item) => String(item % 10),
          isLocked: (error) => error instanceof Locked,
          lockedOf: (items) => Promise.resolve(new Set(items.filter((item) => locked.has(item)))),
        },
      );
      return { commits, stored, batches };
    }

    it('commits the others of their batch at once, and each when it is free, in the order of its key', async () => {
      const locked = new Set([2]);
      const { commits, stored } = lockable(locked);
      const all = [1, 2, 3, 12, 4].map((item) => commits.submit(item));
      expect(await Promise.all([all[0], all[2], all[4]])).toEqual([10, 30, 40]);
      expect(await commits.submit(5)).toBe(50);
      expect(stored).not.toContain(2);
      expect(stored).not.toContain(12);
      locked.clear();
      expect(await Promise.all(all)).toEqual([10, 20, 30, 120, 40]);
      expect(stored.slice(-2)).toEqual([2, 12]);
    });

    it('never puts one into a batch with others again whose lock nobody sees', async () => {
      const hidden = new Set([2]);
      const { commits, batches } = lockable(new Set(), hidden);
      const all = [1, 2, 3].map((item) => commits.submit(item));
      expect(await Promise.all([all[0], all[2]])).toEqual([10, 30]);
      const tries = (): number[][] => batches.filter((batch) => batch.includes(2));
      while (tries().length < 5) expect(await commits.submit(7)).toBe(70);
      hidden.clear();
      expect(await all[1]).toBe(20);
      expect(tries().slice(3)).toEqual(
        tries()
          .slice(3)
          .map(() => [2]),
      );
    });

    it('gives one up after retryForMs, as an error about it alone', async () => {
      const { commits } = lockable(new Set([2]), new Set(), 60);
      const all = [1, 2].map((item) => commits.submit(item));
      await expect(all[1]).rejects.toBeInstanceOf(TaskLockedError);
      expect(await all[0]).toBe(10);
      expect(await commits.submit(3)).toBe(30);
    });

    it('tries one once more when it is closed, and does not wait for it', async () => {
      const { commits } = lockable(new Set([2]));
      const submitted = commits.submit(2);
      await turn();
      await Promise.all([expect(submitted).rejects.toBeInstanceOf(TaskLockedError), commits.close()]);
    });
  });

  it('does not keep a shutdown waiting for a storage that is unreachable', async () => {
    const { commits } = direct(() => new Transient('connection refused'));
    const submitted = commits.submit(1);
    await turn();
    await Promise.all([expect(submitted).rejects.toMatchObject({ reason: 'UNAVAILABLE' }), commits.close()]);
  });
});
