import { describe, expect, it } from '@jest/globals';
import { detectDelimiter } from './delimiter.js';

describe('detectDelimiter', () => {
  it.each([
    ['commas', 'a,b\n1,2', ','],
    ['semicolons', 'a;b\n1;2', ';'],
    ['tabs', 'a\tb\n1\t2', '\t'],
    ['semicolons with decimal commas', 'name;price\nx;1,5\ny;2,5', ';'],
    ['commas with semicolons in the texts', 'a,b\nx;y,1\nz,2\nw;v;u,3', ','],
    ['delimiters in quotes', 'a;b\n"1,2,3";x\n"4,5,6";y', ';'],
    ['one column', 'a\nb', ','],
    ['nothing', '', ','],
    ['a long record that the sample cuts off', `a;b\n1;2\n3;"${','.repeat(70_000)}"`, ';'],
    ['more records than are looked at', 'a;b\n'.repeat(60) + '1,2,3\n'.repeat(500), ';'],
  ])('finds %s', (_, text, delimiter) => {
    expect(detectDelimiter(text)).toBe(delimiter);
  });
});
