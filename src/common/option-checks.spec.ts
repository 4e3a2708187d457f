import { describe, expect, it } from '@jest/globals';
import {
  checkBoolean,
  checkKeys,
  checkMediaTypes,
  checkOptionalText,
  checkOptionalUrl,
  checkText,
  checkTexts,
  checkUrl,
  duplicates,
  type Report,
  show,
} from './option-checks.js';

describe('checks of options', () => {
  const problems = (check: (report: Report) => void): string[] => {
    const told: string[] = [];
    check((problem) => void told.push(problem));
    return told;
  };

  it('report nothing of what is right', () => {
    const told = problems((report) => {
      checkKeys({ a: 1 }, ['a', 'b'], 'lab', report);
      checkText('x', 'lab.a', report);
      checkOptionalText(undefined, 'lab.a', report);
      checkBoolean(false, 'lab.a', report);
      checkUrl('https://example.com/a', 'lab.a', report);
      checkOptionalUrl(undefined, 'lab.a', report);
      checkTexts([], 'lab.a', report);
      checkMediaTypes(['text/plain; charset=utf-8', 'application/vnd.x+json'], 'lab.a', report);
    });
    expect(told).toEqual([]);
  });

  it.each<[string, (report: Report) => void]>([
    ['lab.c, lab.d are not options. There are a, b.', (report) => checkKeys({ c: 1, d: 1 }, ['a', 'b'], 'lab', report)],
    ['lab is " "', (report) => checkText(' ', 'lab', report)],
    ['lab is 5', (report) => checkOptionalText(5, 'lab', report)],
    ['lab must be true or false, but is "yes"', (report) => checkBoolean('yes', 'lab', report)],
    ['lab is "ftp://example.com"', (report) => checkUrl('ftp://example.com', 'lab', report)],
    ['lab is "/a"', (report) => checkOptionalUrl('/a', 'lab', report)],
    ['lab is [""]', (report) => checkTexts([''], 'lab', report)],
    ['lab is []', (report) => checkMediaTypes([], 'lab', report)],
    ['lab has "text"', (report) => checkMediaTypes(['text'], 'lab', report)],
  ])('report what is wrong, with the value: %s', (text, check) => {
    expect(problems(check)).toEqual([expect.stringContaining(text)]);
  });

  it('show any value, not longer than a line', () => {
    expect([undefined, () => 1, 1n < 2n, 'a'.repeat(100)].map(show)).toEqual([
      'missing',
      'a function',
      'true',
      `"${'a'.repeat(59)}…`,
    ]);
  });

  it('find each text that is there twice, once', () => {
    expect(duplicates(['a', 'b', 'a', 1, 1, 'a'])).toEqual(['a']);
  });
});
