import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_MAX_VALUES, MAX_JSON_DEPTH } from '../../protocol/json/json-excess.js';
import { parseJsonBody } from './json-body.js';

const parsed = (body: Buffer | string, maxValues = DEFAULT_MAX_VALUES): unknown =>
  parseJsonBody(Buffer.from(body), maxValues);

describe('parseJsonBody', () => {
  it('parses what JSON.parse parses', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(JSON.stringify(parsed(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 100 },
    );
  });

  it.each([[Buffer.from('{')], [Buffer.alloc(0)], [Buffer.from([0x22, 0xc3, 0x28, 0x22])], [Buffer.from('{}\ufeff')]])(
    'refuses %p as a parse error',
    (body) => {
      expect(() => parsed(body)).toThrow(expect.objectContaining({ reason: 'PARSE_ERROR' }));
    },
  );

  it('skips a byte order mark at the beginning', () => {
    expect(parsed(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).toEqual({});
  });

  it('takes the deepest nesting that is allowed and refuses one more', () => {
    const nested = (depth: number): string => '{"a":'.repeat(depth - 1) + '[]' + '}'.repeat(depth - 1);
    expect(() => parsed(nested(MAX_JSON_DEPTH))).not.toThrow();
    expect(() => parsed(nested(MAX_JSON_DEPTH + 1))).toThrow(/deeper than 256/);
  });

  it('takes as many values as are allowed and refuses one more, naming the limit', () => {
    const list = (items: number): string => `[${Array<string>(items).fill('1').join(',')}]`;
    expect(parsed(list(999), 1_000)).toHaveLength(999);
    expect(() => parsed(list(1_000), 1_000)).toThrow(/more than 1000 values and keys/);
    expect(parsed(list(100_000))).toHaveLength(100_000);
  });
});
