import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDeeperThan, MAX_JSON_DEPTH, parseJsonBody } from './json-body.js';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('parseJsonBody', () => {
  it('parses what JSON.parse parses', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(JSON.stringify(parseJsonBody(Buffer.from(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 100 },
    );
  });

  it.each([[Buffer.from('{')], [Buffer.alloc(0)], [Buffer.from([0x22, 0xc3, 0x28, 0x22])], [Buffer.from('\ufeff{}')]])(
    'refuses %p as a parse error',
    (body) => {
      expect(() => parseJsonBody(body)).toThrow(expect.objectContaining({ reason: 'PARSE_ERROR' }));
    },
  );

  it('takes the deepest nesting that is allowed and refuses one more', () => {
    const nested = (depth: number): Buffer => Buffer.from('{"a":'.repeat(depth - 1) + '[]' + '}'.repeat(depth - 1));
    expect(() => parseJsonBody(nested(MAX_JSON_DEPTH))).not.toThrow();
    expect(() => parseJsonBody(nested(MAX_JSON_DEPTH + 1))).toThrow(/deeper than 256/);
  });
});

describe('isDeeperThan', () => {
  it('counts the nesting of any JSON, whatever its strings hold', () => {
    const strings = fc.stringMatching(/^[[\]{}"\\x]*$/);
    const values = fc.jsonValue({ maxDepth: 6 }).chain((value) => strings.map((text) => ({ [text]: [text, value] })));
    fc.assert(
      fc.property(values, fc.boolean(), (value, spaced) => {
        // Blanks lift the text above the length that is let through unread.
        const text = JSON.stringify(value, null, spaced ? 2 : undefined) + ' '.repeat(64);
        const depth = depthOf(value);
        expect(isDeeperThan(text, depth)).toBe(false);
        expect(isDeeperThan(text, depth - 1)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('does not look for the end of a string that has none', () => {
    expect(isDeeperThan(`"${'['.repeat(50)}`, 10)).toBe(false);
  });
});
