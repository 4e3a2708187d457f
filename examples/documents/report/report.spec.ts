import { describe, expect, it } from '@jest/globals';
import { structureSection } from './markdown-section.js';
import { duration, figure, inline, plural, table } from './markdown-text.js';

describe('inline', () => {
  it('keeps text on one line, bounded and without effect', () => {
    expect(inline(' a\n | *b* ')).toBe('a \\| \\*b\\*');
    expect(inline('x'.repeat(200))).toBe(`${'x'.repeat(120)}…`);
    expect(inline('😀😀', 3)).toBe('😀\uFFFD…');
  });
});

describe('figure', () => {
  it.each([
    [0, '0'],
    [1_234_567, '1,234,567'],
    [-2.5, '-2.5'],
    [2 / 3, '0.666667'],
    [1234.5678, '1,234.568'],
    [5_927_637.5, '5,927,637.5'],
    [1e-9, '1e-9'],
    [1.5e300, '1.5e+300'],
  ])('writes %d', (value, text) => {
    expect(figure(value)).toBe(text);
  });
});

describe('plural, duration and table', () => {
  it('write what they say', () => {
    expect([plural(1, 'row'), plural(2000, 'row'), plural(0, 'row')]).toEqual(['1 row', '2,000 rows', '0 rows']);
    expect([duration(59), duration(60), duration(125)]).toEqual(['59 s', '1 min', '2 min 5 s']);
    expect(table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
  });
});

describe('structureSection', () => {
  it('lists a hundred headings and counts the rest', () => {
    const headings = Array.from({ length: 150 }, (_, index) => ({ level: 1, text: `H${index}` }));
    const none = { links: 0, images: 0, codeBlocks: 0, languages: [] };
    const section = structureSection({ ...none, headings, headingCount: 2000 });
    expect(section).toContain('- H99\n\n… and 1,900 more headings.');
    expect(structureSection({ ...none, headings: [], headingCount: 0 })).toBe(
      '### Structure\n\n0 headings, 0 links, 0 images, 0 code blocks.',
    );
  });
});
