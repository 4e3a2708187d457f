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
    const waiting = await begin(stores, caller(), { runOwner: owner });
    await stores.runs.handBack(waiting.run, { delayMs: 30 });
    jest.spyOn(Date, 'now').mockImplementation(() => now() + step);

    const [row] = await stores.runs.replicas();
    expect(Math.abs(row?.ageMs ?? Infinity)).toBeLessThan(1_000);
    expect(await stores.runs.renewReplica(owner, 1_000)).toBe(true);
    expect(await stores.runs.takeover(run.taskId, 'other')).toBeUndefined();
    expect(await stores.runs.orphans(10, ['lab'])).toEqual([]);
    const wanted = { limit: 10, agents: new Map([['lab', 10]]) };
    expect(await stores.runs.claimWaiting(owner, wanted)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await stores.runs.claimWaiting(owner, wanted)).toMatchObject([{ run: { taskId: waiting.run.taskId } }]);
  });
});
