import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonExcess } from './json-excess.js';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

/** Values, and keys of objects. */
const valuesOf = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 1;
  const inside = Object.values(value).reduce((sum: number, each) => sum + valuesOf(each), 0);
  return 1 + inside + (Array.isArray(value) ? 0 : Object.keys(value).length);
};

describe('jsonExcess', () => {
  const strings = fc.stringMatching(/^[[\]{}",:\\x]*$/);
  const values = fc.jsonValue({ maxDepth: 6 }).chain((value) => strings.map((text) => ({ [text]: [text, value] })));

  it('counts the nesting of any JSON, whatever its strings hold', () => {
    fc.assert(
      fc.property(values, fc.boolean(), (value, spaced) => {
        // Blanks lift the text above the length that is let through unread.
        const text = JSON.stringify(value, null, spaced ? 2 : undefined) + ' '.repeat(64);
        const depth = depthOf(value);
        expect(jsonExcess(text, { maxDepth: depth })).toBeUndefined();
        expect(jsonExcess(text, { maxDepth: depth - 1 })).toBe('depth');
      }),
      { numRuns: 200 },
    );
  });

  it('counts the values and keys of any JSON, whatever its strings hold', () => {
    fc.assert(
      fc.property(values, fc.boolean(), (value, spaced) => {
        const text = JSON.stringify(value, null, spaced ? 2 : undefined) + ' '.repeat(64);
        const count = valuesOf(value);
        expect(jsonExcess(text, { maxValues: count })).toBeUndefined();
        expect(jsonExcess(text, { maxValues: count - 1 })).toBe('values');
      }),
      { numRuns: 200 },
    );
  });

  it('does not look for the end of a string that has none', () => {
    expect(jsonExcess(`"${'['.repeat(50)}`, { maxDepth: 10, maxValues: 10 })).toBeUndefined();
  });

  it('stops at the first that is too much', () => {
    expect(jsonExcess(`[${'[],'.repeat(1_000_000)}`, { maxValues: 100 })).toBe('values');
    expect(jsonExcess('['.repeat(1_000), { maxDepth: 100, maxValues: 100 })).toBe('depth');
  });
});
