import { describe, expect, it } from '@jest/globals';
import { FairSemaphore, type FairSemaphoreLimits } from './fair-semaphore.js';

const semaphore = (limits: Partial<FairSemaphoreLimits> = {}): FairSemaphore =>
  new FairSemaphore({ capacity: 10, maxWaiting: 100, maxWaitingPerOwner: 10, maxWaitMs: 60_000, ...limits });

/** Requests `weight` for each of the owners at once. Each admitted one is recorded and released at once. */
async function orderOf(line: FairSemaphore, asked: readonly (readonly [owner: string, weight: number])[]) {
  const order: string[] = [];
  const held = await line.acquire('first', 10);
  const all = asked.map(async ([owner, weight], index) => {
    const release = await line.acquire(owner, weight);
    order.push(`${owner}${index}`);
    await new Promise(setImmediate);
    release();
  });
  held();
  await Promise.all(all);
  return order;
}

describe('FairSemaphore', () => {
  it('lets in what has room together, and the rest when that has left', async () => {
    const line = semaphore();
    const leave = await line.acquire('a', 6);
    await line.acquire('b', 4);
    let entered = false;
    const third = line.acquire('c', 5).then(() => (entered = true));
    await new Promise(setImmediate);
    expect([entered, line.used, line.waiting]).toEqual([false, 10, 1]);
    leave();
    leave();
    await third;
    expect([line.used, line.waiting]).toEqual([9, 0]);
  });

  it('lets in alone what is heavier than all that may be in', async () => {
    const line = semaphore();
    const leave = await line.acquire('a', 1_000);
    expect(line.used).toBe(10);
    leave();
    expect(line.used).toBe(0);
  });

  it('gives owners turns, however many one of them has in the line', async () => {
    const asked = [...Array.from({ length: 5 }, () => ['a', 10] as const), ['b', 10], ['c', 10]] as const;
    expect(await orderOf(semaphore(), asked)).toEqual(['a0', 'b5', 'c6', 'a1', 'a2', 'a3', 'a4']);
  });

  it('lets nobody overtake what is heavy and has its turn', async () => {
    const order = await orderOf(semaphore(), [
      ['a', 4],
      ['b', 10],
      ['c', 1],
    ]);
    expect(order).toEqual(['a0', 'b1', 'c2']);
  });

  it('refuses what would wait in too long a line, of the owner or of all', async () => {
    const line = semaphore({ maxWaiting: 3, maxWaitingPerOwner: 2 });
    const leave = await line.acquire('a', 10);
    const waiting = [line.acquire('a', 1), line.acquire('a', 1)];
    await expect(line.acquire('a', 1)).rejects.toMatchObject({ full: 'owner' });
    waiting.push(line.acquire('b', 1));
    await expect(line.acquire('c', 1)).rejects.toMatchObject({ full: 'process' });
    leave();
    for (const release of await Promise.all(waiting)) release();
    expect([line.used, line.waiting]).toEqual([0, 0]);
  });

  it('refuses what has waited too long, and goes on with what is behind it', async () => {
    const line = semaphore({ maxWaitMs: 20 });
    const leave = await line.acquire('a', 6);
    const heavy = line.acquire('b', 10);
    await expect(heavy).rejects.toMatchObject({ full: 'time' });
    expect(line.waiting).toBe(0);
    (await line.acquire('c', 4))();
    leave();
    expect(line.used).toBe(0);
  });
});
