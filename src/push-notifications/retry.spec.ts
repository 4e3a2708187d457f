import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { retryAfterMs } from './http-push-notification.sender.js';
import { retryDelay } from './delivery.settler.js';

const bounds = { firstRetryMs: 1_000, maxRetryMs: 600_000 };

describe('the time before the next try', () => {
  it('doubles, less up to a half, up to the bound', () => {
    const longest = (attempts: number): number => retryDelay(attempts, bounds, 0, () => 1);
    expect([1, 2, 3, 4, 9, 10, 11, 100].map(longest)).toEqual([
      1_000, 2_000, 4_000, 8_000, 256_000, 512_000, 600_000, 600_000,
    ]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, random) => {
          const delay = retryDelay(attempts, bounds, 0, () => random);
          expect(delay).toBeGreaterThanOrEqual(longest(attempts) / 2);
          expect(delay).toBeLessThanOrEqual(longest(attempts));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is what the receiver asks for, if that is more, within the bound', () => {
    expect(retryDelay(1, bounds, 30_000)).toBe(30_000);
    expect(retryDelay(6, bounds, 1_000, () => 1)).toBe(32_000);
    expect(retryDelay(1, bounds, 3_600_000)).toBe(600_000);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2030-01-01T00:00:00Z');

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['Tue, 01 Jan 2030 00:01:00 GMT', 60_000],
    ['Mon, 31 Dec 2029 00:00:00 GMT', 0],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2030-01-01', undefined],
    ['1'.repeat(400), undefined],
    [undefined, undefined],
    [['1', '2'], undefined],
  ])('%j is %p ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it('is never negative, and never no number', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const ms = retryAfterMs(header, now);
        if (ms !== undefined) expect(ms).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });
});
