import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { id as idKind } from '../../messages/kinds.js';
import { PartFields } from '../../messages/part.js';
import { isBase64 } from './base64.rule.js';
import { exactlyOneOf } from './exactly-one-of.rule.js';
import { text } from './text.rule.js';
import { isTimestamp } from './timestamp.rule.js';

describe('isBase64', () => {
  it('accepts the base64 of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => isBase64(Buffer.from(bytes).toString('base64'))),
      { numRuns: 100 },
    );
  });

  it('accepts just what the pattern of RFC 4648 does', () => {
    const pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
    const characters = fc.constantFrom('A', 'z', '9', '+', '/', '=', '-', '_', '\n');
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 9 }), (value) => isBase64(value) === pattern.test(value)),
      { numRuns: 300 },
    );
  });

  it('takes megabytes', () => {
    const long = 'QUJD'.repeat(1_500_000);
    expect(isBase64(long)).toBe(true);
    expect(isBase64(`${long}A.==`)).toBe(false);
  });
});

describe('isTimestamp', () => {
  it.each([
    '2025-01-31T23:59:59Z',
    '2025-01-31T23:59:59.123456789Z',
    '2024-02-29T00:00:00.000Z',
    '2000-02-29T00:00:00Z',
    '2025-01-31T23:59:59+14:00',
    '2025-01-31T23:59:59-03:30',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
  ])('%s is one', (value) => {
    expect(isTimestamp(value)).toBe(true);
  });

  it.each([
    '',
    '2025-01-31',
    '2025-01-31T23:59:59',
    '2025-01-31 23:59:59Z',
    '2025-1-31T23:59:59Z',
    '2025-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2025-04-31T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-00-01T00:00:00Z',
    '2025-01-00T00:00:00Z',
    '2025-01-31T24:00:00Z',
    '2025-01-31T23:60:00Z',
    '2025-01-31T23:59:60Z',
    '2025-01-31T23:59:59.Z',
    '2025-01-31T23:59:59.1234567890Z',
    '2025-01-31T23:59:59+16:00',
    '2025-01-31T23:59:59+01:60',
    '2025-01-31T23:59:59+0100',
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '2025-01-31T23:59:59Z\n',
  ])('%j is none', (value) => {
    expect(isTimestamp(value)).toBe(false);
  });
});

describe('text', () => {
  it('measures bytes of UTF-8', () => {
    const rule = text({ max: 4 });
    expect(rule('abcd', {})).toBeUndefined();
    expect(rule('éé', {})).toBeUndefined();
    expect(rule('😀', {})).toBeUndefined();
    expect(rule('ééa', {})).toBeDefined();
    expect(rule('€€', {})).toBeDefined();
  });

  it('an id has 1 to 512 bytes', () => {
    const id = text(idKind);
    expect(id('', {})).toBeDefined();
    expect(id('x'.repeat(512), {})).toBeUndefined();
    expect(id('x'.repeat(513), {})).toBeDefined();
  });
});

describe('exactlyOneOf', () => {
  const rule = exactlyOneOf(['a', { nullable: 'b' }]);

  it.each([{ a: 1 }, { b: null }, { a: null, b: 0 }, { a: '', c: 1 }, { a: false, b: undefined }])(
    '%j has one',
    (object) => {
      expect(rule(undefined, object)).toBeUndefined();
    },
  );

  it.each([{}, { a: null }, { a: 1, b: null }, { c: 1 }])('%j has not', (object) => {
    expect(rule(undefined, object)).toHaveLength(1);
  });
});

describe('the decorators', () => {
  it('work with class-validator alone and say a whole sentence there', () => {
    const part = Object.assign(new PartFields(), { text: 'a', filename: 1 });
    const [error] = validateSync(part);
    expect(error?.property).toBe('filename');
    expect(error?.constraints).toEqual({ isText: 'filename must be a string' });
  });
});
