import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Batches } from './batches.js';

describe('Batches', () => {
  const work = jest.fn<(limit: number) => Promise<number>>();
  const pauses: number[] = [];
  const never = new AbortController().signal;
  const limits = (): number[] => work.mock.calls.map(([limit]) => limit);
  let now: number;
  let batches: Batches;

  /** Work that does as much as it is allowed until nothing is left, and takes this long. */
  const find = (left: number, msOf: (limit: number) => number): void =>
    void work.mockImplementation(async (limit) => {
      now += msOf(limit);
      const done = Math.min(limit, left);
      left -= done;
      return done;
    });

  beforeEach(() => {
    now = 0;
    pauses.length = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    batches = new Batches(async (ms) => void pauses.push(ms));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    work.mockReset();
  });

  it('goes on until a batch is not full', async () => {
    find(250, () => 200);
    expect(await batches.run(work, never)).toBe(250);
    expect(limits()).toEqual([100, 100, 100]);
    expect(await batches.run(work, never)).toBe(0);
  });

  it('stops in front of the next batch when it is told to', async () => {
    const controller = new AbortController();
    find(Infinity, () => 200);
    work.mockImplementationOnce(async (limit) => {
      controller.abort();
      return limit;
    });
    expect(await batches.run(work, controller.signal)).toBe(100);
    expect(await batches.run(work, controller.signal)).toBe(0);
    expect(limits()).toEqual([100]);
  });

  it('asks for less when batches are slow and for more when they are fast, within bounds', async () => {
    find(3_000, () => 10);
    await batches.run(work, never);
    expect(limits().slice(0, 5)).toEqual([100, 200, 400, 500, 500]);
    work.mockClear();
    find(2_000, (limit) => limit * 3);
    await batches.run(work, never);
    expect(limits().slice(0, 4)).toEqual([500, 250, 125, 125]);
  });

  it('pauses for as long as the batch took, within bounds', async () => {
    const times = [1, 300, 9_000, 200];
    find(350, () => times.shift() ?? 0);
    await batches.run(work, never);
    expect(pauses).toEqual([5, 300]);
    find(10_000, (limit) => limit * 100);
    await batches.run(work, never);
    expect(pauses).toContain(2_000);
  });

  it('asks for much less after a failure, which it throws', async () => {
    work.mockRejectedValueOnce(new Error('took too long'));
    await expect(batches.run(work, never)).rejects.toThrow('took too long');
    find(5, () => 0);
    expect(await batches.run(work, never)).toBe(5);
    expect(limits()).toEqual([100, 12]);
  });
});
