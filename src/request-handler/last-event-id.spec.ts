import { describe, expect, it } from '@jest/globals';
import { parseLastEventId } from './last-event-id.js';

describe('Last-Event-ID', () => {
  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['0', 0],
    ['7', 7],
    [' 42 ', 42],
    ['007', 7],
    ['999999999999999', 999_999_999_999_999],
    ['', NaN],
    ['-1', NaN],
    ['1.5', NaN],
    ['1e3', NaN],
    ['0x10', NaN],
    ['seven', NaN],
    ['1 2', NaN],
    ['9'.repeat(16), NaN],
  ])('%p is %p', (header, seq) => {
    expect(parseLastEventId(header)).toBe(seq);
  });
});
