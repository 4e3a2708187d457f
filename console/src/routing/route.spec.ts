import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hrefOf, parseRoute } from './route.js';

describe('an address of the console', () => {
  it('is read back as it was written, whatever ids and filters contain', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(fc.array(text), fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), text), (path, query) => {
        expect(parseRoute(hrefOf(path, query))).toEqual({ path, query: { ...query } });
      }),
    );
  });

  it('leaves out what is empty or absent', () => {
    expect(hrefOf([], { agent: '', state: undefined })).toBe('#/');
    expect(hrefOf(['tasks'], { agent: 'a', state: undefined })).toBe('#/tasks?agent=a');
  });

  it('that nobody made is shown as it is', () => {
    expect(parseRoute('')).toEqual({ path: [], query: {} });
    expect(parseRoute('#/tasks/%E0%A4%A')).toEqual({ path: ['tasks', '%E0%A4%A'], query: {} });
  });
});
