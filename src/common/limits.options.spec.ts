import { describe, expect, it } from '@jest/globals';
import { LIMITS_DEFAULTS, type LimitsOptions, limitsOptions } from './limits.options.js';

describe('limitsOptions', () => {
  it('fills in the defaults; the share of a caller is a quarter', () => {
    expect(limitsOptions()).toEqual(LIMITS_DEFAULTS);
    expect(limitsOptions({ maxBufferedBytes: 40 << 20 })).toMatchObject({ maxBufferedBytesPerCaller: 10 << 20 });
    expect(limitsOptions({ maxCallsPerCaller: undefined })).toEqual(LIMITS_DEFAULTS);
  });

  it.each([
    [{ maxCallsPerCaller: 0 }, /limits\.maxCallsPerCaller must be a whole number from 1/],
    [{ requestIdleMs: 1.5 }, /limits\.requestIdleMs must be/],
    [{ responseIdleMs: 2 ** 31 }, /limits\.responseIdleMs must be/],
    [{ maxStreamAgeMs: -1 }, /limits\.maxStreamAgeMs must be/],
    [{ maxBufferedBytes: 2 << 20, maxBufferedBytesPerCaller: 3 << 20 }, /must not be above limits\.maxBufferedBytes/],
    [{ maxBytes: 1 }, /limits\.maxBytes is not an option. There are maxBufferedBytes, /],
  ])('refuses %j by name', (given, message) => {
    expect(() => limitsOptions(given as Partial<LimitsOptions>)).toThrow(message);
  });
});
