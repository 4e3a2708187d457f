import { describe, expect, it } from '@jest/globals';
import { RateLimit, type RateState } from './rate-limit.js';

describe('RateLimit', () => {
  let now = 1_000;
  interface Taking {
    take(caller: string): RateState | undefined;
  }
  const limit = (perMinute: number, maxCallers?: number): Taking => {
    const rate = new RateLimit(() => now, maxCallers);
    return { take: (caller) => rate.take(caller, perMinute) };
  };
  const taken = (rate: Taking, caller: string, times: number): (RateState | undefined)[] =>
    Array.from({ length: times }, () => rate.take(caller));

  it('counts nothing at 0', () => expect(limit(0).take('a')).toBeUndefined());

  it.each([1, 3, 7, 600, 1_000_000])('allows %i calls at once, and no more', (perMinute) => {
    const rate = limit(perMinute);
    const states = taken(rate, 'a', perMinute);
    expect(states.filter((state) => !state?.ok)).toEqual([]);
    expect([states[0]?.remaining, states.at(-1)?.remaining]).toEqual([perMinute - 1, 0]);
    expect(rate.take('a')).toMatchObject({ ok: false, remaining: 0 });
  });

  it('gives calls back evenly, and says when', () => {
    const rate = limit(60);
    taken(rate, 'a', 60);
    const refused = rate.take('a');
    expect(refused?.retryMs).toBeCloseTo(1_000);
    expect(refused?.resetMs).toBeCloseTo(60_000);
    now += 999;
    expect(rate.take('a')?.ok).toBe(false);
    now += 1;
    expect(rate.take('a')?.ok).toBe(true);
    expect(rate.take('a')?.ok).toBe(false);
    now += 10_000;
    expect(taken(rate, 'a', 11).map((state) => state?.ok)).toEqual([...Array<boolean>(10).fill(true), false]);
  });

  it('does not save calls for longer than a minute', () => {
    const rate = limit(2);
    rate.take('a');
    now += 60 * 60_000;
    expect(taken(rate, 'a', 3).map((state) => state?.ok)).toEqual([true, true, false]);
  });

  it('does not count a refused call', () => {
    const rate = limit(1);
    rate.take('a');
    taken(rate, 'a', 100);
    now += 60_000;
    expect(rate.take('a')?.ok).toBe(true);
  });

  it('counts callers apart', () => {
    const rate = limit(1);
    expect([rate.take('a')?.ok, rate.take('b')?.ok, rate.take('a')?.ok]).toEqual([true, true, false]);
  });

  it('remembers a bounded number of callers, and forgets those first whose budget is whole', () => {
    const rate = limit(1, 2);
    rate.take('old');
    now += 60_000;
    rate.take('a');
    rate.take('b');
    expect([rate.take('a')?.ok, rate.take('b')?.ok]).toEqual([false, false]);
    rate.take('c');
    expect([rate.take('b')?.ok, rate.take('c')?.ok]).toEqual([false, false]);
    expect(rate.take('a')?.ok).toBe(true);
  });

  it('counts each caller by its own budget', () => {
    const rate = new RateLimit(() => now);
    const oks = [rate.take('small', 1), rate.take('small', 1), rate.take('large', 2), rate.take('large', 2)];
    expect(oks.map((state) => state?.ok)).toEqual([true, false, true, true]);
    expect(oks[2]).toMatchObject({ perMinute: 2, remaining: 1 });
  });
});
