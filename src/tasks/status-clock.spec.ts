import { afterEach, describe, expect, it } from '@jest/globals';
import { compareClocks, statusNow } from './status-clock.js';

const HOUR_MS = 3_600_000;
// `+ 0`: a difference of −1 ms rounds to −0, which `toBe(0)` refuses.
const off = (): number => Math.round((Date.parse(statusNow()) - Date.now()) / 10_000) * 10_000 + 0;

describe('the clock of status times', () => {
  afterEach(() => void compareClocks(0, 0, 0));

  it('is this process’s as long as the storage’s is not far off', () => {
    expect(compareClocks(10_900, 10_000, 10)).toBe(0);
    expect(compareClocks(9_100, 10_000, 10)).toBe(0);
    expect(off()).toBe(0);
  });

  it.each([HOUR_MS, -HOUR_MS])('is the storage’s when that is %i ms off, until it is not', (difference) => {
    expect(compareClocks(difference, 0, 0)).toBe(-difference);
    expect(off()).toBe(difference);
    expect(compareClocks(5, 0, 10)).toBe(0);
    expect(off()).toBe(0);
  });

  it('counts the question to the middle of its time', () => {
    expect(compareClocks(HOUR_MS + 300, 0, 600)).toBe(-HOUR_MS);
  });

  it('does not follow small changes of a large difference', () => {
    compareClocks(HOUR_MS, 0, 0);
    expect(compareClocks(HOUR_MS + 900, 0, 0)).toBe(-HOUR_MS);
    expect(compareClocks(HOUR_MS + 2_000, 0, 0)).toBe(-HOUR_MS - 2_000);
  });

  it('believes no answer that was long on its way', () => {
    expect(compareClocks(HOUR_MS, 0, 5_000)).toBeUndefined();
    expect(off()).toBe(0);
  });
});
