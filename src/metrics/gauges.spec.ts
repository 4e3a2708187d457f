import { afterEach, describe, expect, it, jest } from '@jest/globals';
import * as prom from 'prom-client';
import { registerGauges } from './gauges.js';
import type { GaugeReaders } from './readings.js';

const readers = (changed: Partial<GaugeReaders>): GaugeReaders =>
  ({ a2a_run_slots: () => [[7]], a2a_runs: () => [[2, 'shop']], ...changed }) as GaugeReaders;

async function shown(changed: Partial<GaugeReaders>): Promise<string[]> {
  const register = new prom.Registry();
  registerGauges(prom, register, readers(changed));
  return (await register.metrics()).split('\n').filter((line) => line.startsWith('a2a_'));
}

describe('gauges', () => {
  afterEach(() => void jest.useRealTimers());

  it('are read when the metrics are', async () => {
    expect(await shown({})).toEqual(['a2a_run_slots 7', 'a2a_runs{agent="shop"} 2']);
  });

  it('have no value when they cannot be read, and leave the others alone', async () => {
    expect(
      await shown({
        a2a_run_slots: () => {
          throw new Error('no storage');
        },
        a2a_tasks_queued: () => Promise.reject(new Error('no storage')),
      }),
    ).toEqual(['a2a_runs{agent="shop"} 2']);
  });

  it('have no value when the storage does not answer in time', async () => {
    jest.useFakeTimers({ doNotFake: ['performance'] });
    const read = shown({ a2a_tasks_queued: () => new Promise(() => undefined) });
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await read).toEqual(['a2a_run_slots 7', 'a2a_runs{agent="shop"} 2']);
  });

  it('are not read again at once, however many ask', async () => {
    const register = new prom.Registry();
    let reads = 0;
    registerGauges(prom, register, readers({ a2a_tasks_queued: () => [[++reads]] }));
    const texts = await Promise.all([register.metrics(), register.metrics()]);
    for (const text of [...texts, await register.metrics()]) expect(text).toContain('a2a_tasks_queued 1');
  });

  it('forget what is no longer there', async () => {
    const register = new prom.Registry();
    let now = 10_000;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    let agents = [[1, 'shop'] as const, [1, 'desk'] as const];
    registerGauges(prom, register, readers({ a2a_runs: () => agents }));
    expect(await register.metrics()).toContain('agent="desk"');
    agents = [[1, 'shop']];
    now += 1_000;
    expect(await register.metrics()).not.toContain('agent="desk"');
    clock.mockRestore();
  });
});
