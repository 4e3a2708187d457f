import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { A2AError, unavailable } from '../../protocol/errors/index.js';
import { QuotaTable } from '../../common/quotas/quota.table.js';
import type { RunStore } from '../../tasks/run-store.interface.js';
import { type ExecutionOptions, executionOptions } from '../execution.options.js';
import { QueueLimits } from './queue.limits.js';

const limits = (runs: Pick<RunStore, 'countWaiting'>, given: Partial<ExecutionOptions> = {}): QueueLimits => {
  const options = executionOptions(given);
  return new QueueLimits(runs, options, new QuotaTable({ owner: { waitingTasks: options.maxWaitingPerOwner } }));
};
const of = (owner: string) => ({ tenant: '', owner, agent: 'lab' });

describe('QueueLimits', () => {
  let waiting: { all: number; own: number };
  let asked: number;
  let subject: QueueLimits;

  beforeEach(() => {
    jest.useFakeTimers();
    waiting = { all: 0, own: 0 };
    asked = 0;
    const countWaiting = async (_limit: number, owner?: string): Promise<number> => {
      asked++;
      return owner === undefined ? waiting.all : waiting.own;
    };
    subject = limits({ countWaiting }, { maxWaiting: 5, maxWaitingPerOwner: 3 });
  });
  afterEach(() => void jest.useRealTimers());

  const refused = async (owner: string): Promise<unknown> => {
    const error: unknown = await subject.join(of(owner)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof A2AError ? [error.reason, error.retryAfter, error.message] : error;
  };

  it('lets in as many as may wait, of an owner and of all, those that come at once too', async () => {
    const results = await Promise.all(['a', 'a', 'a', 'a', 'b', 'b', 'b'].map(refused));
    expect(results.map((result) => result === undefined)).toEqual([true, true, true, false, true, true, false]);
    expect(results[3]).toEqual([
      'RESOURCE_EXHAUSTED',
      5,
      '3 of your tasks wait to be started already. Try again later.',
    ]);
    expect(results[6]).toEqual(['RESOURCE_EXHAUSTED', 5, '5 tasks wait to be started already. Try again later.']);
  });

  it('does not count what was there already', async () => {
    for (let times = 0; times < 10; times++) (await subject.join(of('a'))).leave();
    expect(await refused('a')).toBeUndefined();
  });

  it('counts no longer what this process has started', async () => {
    for (let times = 0; times < 3; times++) expect(await refused('a')).toBeUndefined();
    expect(await refused('a')).toBeDefined();
    subject.started([of('a'), of('b')]);
    expect(await refused('a')).toBeUndefined();
    expect(await refused('a')).toBeDefined();
  });

  it('counts an owner over all tenants', async () => {
    for (const tenant of ['a', 'b', 'c']) await subject.join({ ...of('a'), tenant });
    await expect(subject.join({ ...of('a'), tenant: 'd' })).rejects.toMatchObject({
      reason: 'RESOURCE_EXHAUSTED',
    });
  });

  it('lets as many turns of an owner into the line as tasks, and one where no task may wait', async () => {
    const admitted = async (): Promise<boolean[]> => Promise.all([1, 2, 3, 4].map(() => subject.admitsTurn(of('a'))));
    expect(await admitted()).toEqual([true, true, true, false]);
    expect(await refused('a')).toBeDefined();
    const countWaiting = (): Promise<number> => Promise.resolve(0);
    subject = limits({ countWaiting }, { maxWaiting: 0, maxWaitingPerOwner: 0 });
    expect(await admitted()).toEqual([true, false, false, false]);
  });

  it('counts again after a second, and not before', async () => {
    waiting.all = 5;
    expect(await refused('a')).toBeDefined();
    waiting.all = 0;
    expect(await refused('a')).toBeDefined();
    expect(asked).toBe(2);
    jest.advanceTimersByTime(1_000);
    expect(await refused('a')).toBeUndefined();
  });

  it('throws what the storage throws, and asks it again', async () => {
    let away = true;
    const countWaiting = (): Promise<number> => (away ? Promise.reject(unavailable('away')) : Promise.resolve(0));
    subject = limits({ countWaiting });
    expect(await refused('a')).toEqual(['UNAVAILABLE', 1, 'away']);
    away = false;
    expect(await refused('a')).toBeUndefined();
  });
});
