import { describe, expect, it } from '@jest/globals';
import { RateLimit } from './rate-limit.js';

describe('a rate', () => {
  it('lets a second of calls go at once, then as many a second, by key', () => {
    const rate = new RateLimit(() => 10);
    expect(rate.available('a', 0)).toBe(10);
    for (let n = 0; n < 10; n++) rate.spend('a', 0);
    expect([rate.available('a', 0), rate.waitMs('a', 0)]).toEqual([0, 100]);
    expect([rate.available('b', 0), rate.waitMs('b', 0)]).toEqual([10, 0]);
    expect([rate.available('a', 99), rate.available('a', 101), rate.available('a', 10_000)]).toEqual([0, 1, 10]);
  });

  it('forgets keys that are full again before others', () => {
    const rate = new RateLimit(() => 2);
    for (let n = 0; n < 10_001; n++) rate.spend(`old-${n}`, 0);
    for (let n = 0; n < 2; n++) rate.spend('new', 5_000);
    expect(rate.available('new', 5_000)).toBe(0);
    expect(rate.available('old-0', 5_000)).toBe(2);
  });
});
