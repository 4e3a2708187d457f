import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoffDelay, exponentialDelay, jittered } from './backoff.js';

describe('backoff', () => {
  const backoff = { firstMs: 100, maxMs: 5_000 };

  it('doubles with each failure up to the limit', () => {
    expect([0, 1, 2, 5, 6, 1_000, Infinity].map((failures) => exponentialDelay(failures, backoff))).toEqual([
      100, 200, 400, 3_200, 5_000, 5_000, 5_000,
    ]);
  });

  it('never waits where the first delay is 0', () => {
    expect(exponentialDelay(5_000, { firstMs: 0, maxMs: 100 })).toBe(0);
  });

  it('takes off at most a half at random', () => {
    expect(jittered(100, () => 0)).toBe(50);
    expect(jittered(100, () => 0.5)).toBe(75);
    expect(jittered(100, () => 1)).toBe(100);
    expect(backoffDelay(2, backoff, () => 0)).toBe(200);
  });

  it('stays between half of the delay and the delay', () => {
    fc.assert(
      fc.property(fc.nat(100), (failures) => {
        const longest = exponentialDelay(failures, backoff);
        const delay = backoffDelay(failures, backoff);
        expect(delay).toBeGreaterThanOrEqual(longest / 2);
        expect(delay).toBeLessThanOrEqual(longest);
      }),
      { numRuns: 100 },
    );
  });
});
