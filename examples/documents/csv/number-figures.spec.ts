import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numberFigures } from './number-figures.js';

describe('numberFigures', () => {
  it('gives least, largest, mean and the middle of an odd and an even number of values', () => {
    expect(numberFigures([3, 1, 10])).toEqual({ min: 1, max: 10, mean: 14 / 3, median: 3 });
    expect(numberFigures([4, 1, 3, 2])).toEqual({ min: 1, max: 4, mean: 2.5, median: 2.5 });
  });

  it('gives nothing for nothing', () => {
    expect(numberFigures([])).toBeUndefined();
  });

  it('stays finite and between the ends, also with the largest numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (numbers) => {
        const { min, max, mean, median } = numberFigures(numbers)!;
        const slack = Math.max(Math.abs(min), Math.abs(max)) * 1e-12;
        expect(mean).toBeGreaterThanOrEqual(min - slack);
        expect(mean).toBeLessThanOrEqual(max + slack);
        expect(median).toBeGreaterThanOrEqual(min);
        expect(median).toBeLessThanOrEqual(max);
      }),
      { numRuns: 200 },
    );
  });
});
