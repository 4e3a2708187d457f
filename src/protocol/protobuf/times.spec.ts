import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isTimestamp } from '../validation/rules/timestamp.rule.js';
import { timestamp as anyTimestamp } from '../../testing/arbitraries/index.js';
import { field } from './field.js';
import { message } from './message.js';
import { int32 } from './field-types.js';
import { duration, timestamp } from './times.js';

const holder = message({ at: field(1, timestamp), delay: field(2, duration) });
const copied = (json: object): Record<string, unknown> => holder.decode(holder.encode(json));
const raw = message({ at: field(1, message({ seconds: field(1, int32), nanos: field(2, int32) })) });

describe('Timestamp', () => {
  it('holds any time with milliseconds', () => {
    fc.assert(
      fc.property(anyTimestamp(), (at) => expect(copied({ at })).toEqual({ at })),
      { numRuns: 200 },
    );
  });

  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.123456Z', '2026-01-02T03:04:05.123456Z'],
    ['2026-01-02T03:04:05.123456789Z', '2026-01-02T03:04:05.123456789Z'],
    ['2026-01-02T03:04:05.5+02:00', '2026-01-02T01:04:05.500Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.250Z', '1969-12-31T23:59:59.250Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999999999Z'],
  ])('holds %s', (at, read) => expect(copied({ at })).toEqual({ at: read }));

  it('leaves out what is no time', () => expect(copied({ at: 'yesterday' })).toEqual({}));

  it.each([{ nanos: -1 }, { nanos: 1_000_000_000 }])('gives validation something to refuse for %j', (at) => {
    const read = holder.decode(raw.encode({ at }))['at'];
    expect(typeof read).toBe('string');
    expect(isTimestamp(read as string)).toBe(false);
  });

  it('gives validation something to refuse for a year beyond 9999', () => {
    // 2^50 seconds.
    const bytes = Buffer.from([10, 9, 8, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02]);
    expect(holder.decode(bytes)).toEqual({ at: '1125899906842624 seconds and 0 nanoseconds' });
  });
});

describe('Duration', () => {
  it.each(['0s', '1s', '1.5s', '0.25s', '3600s'])('holds %s', (delay) => expect(copied({ delay })).toEqual({ delay }));
});
