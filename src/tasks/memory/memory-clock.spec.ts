import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { begin, caller, replica } from '../../testing/contracts/fixtures.js';
import { openMemoryStores } from './open-stores.js';

const HOUR_MS = 3_600_000;

describe('the memory stores, when the clock of the machine is set', () => {
  afterEach(() => void jest.restoreAllMocks());

  it.each([HOUR_MS, -HOUR_MS])('by %i ms, end no lease and start what waits when it was told to', async (step) => {
    const { now } = Date;
    const stores = openMemoryStores();
    const owner = await replica(stores, 1_000);
    const { run } = await begin(stores, caller(), { runOwner: owner });
    const later = await begin(stores, caller(), { runOwner: owner });
    await stores.runs.requeue(later.run, { delayMs: HOUR_MS / 2 });
    const soon = await begin(stores, caller(), { runOwner: owner });
    await stores.runs.requeue(soon.run, { delayMs: 20 });
    jest.spyOn(Date, 'now').mockImplementation(() => now() + step);

    const [row] = await stores.runs.replicas();
    expect(Math.abs(row?.ageMs ?? Infinity)).toBeLessThan(HOUR_MS / 2);
    expect(await stores.runs.renewReplica(owner, 1_000)).toBe(true);
    expect(await stores.runs.takeover(run.taskId, 'other')).toBeUndefined();
    expect(await stores.runs.orphanedRuns(10, ['lab'])).toEqual([]);
    const wanted = { limit: 10, agents: new Map([['lab', 10]]) };
    let started = await stores.runs.claimQueued(owner, wanted);
    while (started.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      started = await stores.runs.claimQueued(owner, wanted);
    }
    expect(started.map(({ run: { taskId } }) => taskId)).toEqual([soon.run.taskId]);
    expect(await stores.runs.countWaiting(10)).toBe(1);
  });
});
