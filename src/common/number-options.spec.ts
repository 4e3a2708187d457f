import { describe, expect, it } from '@jest/globals';
import { checkWholeNumber, numberOptions } from './number-options.js';

describe('options that are numbers', () => {
  const ranges = { size: [1, 10], pauseMs: [0, 100] } as const;

  it('are taken over in their range, and left out when undefined', () => {
    expect(numberOptions({ size: 10, pauseMs: undefined }, ranges, 'lab')).toEqual({ size: 10 });
    expect(numberOptions({ pauseMs: 0 }, ranges, 'lab')).toEqual({ pauseMs: 0 });
  });

  it.each([0, 11, 1.5, NaN, Infinity, '5', null])('are refused by name when out of range: %p', (size) => {
    const given = { size } as unknown as { size: number };
    expect(() => numberOptions(given, ranges, 'lab')).toThrow(
      new RangeError(
        `lab.size must be a whole number from 1 to 10, but is ${typeof size === 'string' ? '"5"' : String(size)}.`,
      ),
    );
    expect(() => checkWholeNumber(size, [1, 10], 'size')).toThrow(RangeError);
  });

  it('are refused with a list of all that there are when unknown, also the names of every object', () => {
    const unknown = (name: string) => ({ [name]: 1 }) as unknown as { size: number };
    expect(() => numberOptions(unknown('sise'), ranges, 'lab')).toThrow(
      new RangeError('lab.sise is not an option. There are size, pauseMs.'),
    );
    expect(() => numberOptions(unknown('toString'), ranges, 'lab', ['size', 'name'])).toThrow('There are size, name.');
  });
});
