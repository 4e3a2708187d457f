import { describe, expect, it } from '@jest/globals';
import { KEY_LENGTH, lookupKey } from './lookup-key.js';

describe('lookupKey', () => {
  it('is the same for the same strings, of one length and safe in file names and URLs', () => {
    for (const parts of [[''], ['a', 'b'], ['ä\u0000"\n', '/../', '€'.repeat(1000)]]) {
      expect(lookupKey(...parts)).toBe(lookupKey(...parts));
      expect(lookupKey(...parts)).toMatch(/^[\w-]+$/);
      expect(lookupKey(...parts)).toHaveLength(KEY_LENGTH);
    }
  });

  it('differs for strings that read the same when joined, and for letter case', () => {
    const keys = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['abc', ''],
      ['', 'abc'],
      ['abc'],
      ['ABC'],
      ['a","b', 'c'],
      ['a', 'b","c'],
    ].map((parts) => lookupKey(...parts));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
