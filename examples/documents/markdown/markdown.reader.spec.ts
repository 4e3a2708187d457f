import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MarkdownReader } from './markdown.reader.js';

function read(...lines: string[]) {
  const reader = new MarkdownReader();
  const prose = lines.map((line) => reader.add(line));
  return { ...reader.figures(), prose: prose.join('\n') };
}

describe('MarkdownReader', () => {
  it.each([
    ['# Title', 1, 'Title'],
    ['###### Six', 6, 'Six'],
    ['   ## Indented', 2, 'Indented'],
    ['## Closed ##', 2, 'Closed'],
    ['## C#', 2, 'C#'],
    ['# C # sharp #', 1, 'C # sharp'],
    ['##', 2, ''],
    ['# ##', 1, ''],
    ['#\ttab', 1, 'tab'],
    ['## See [the *docs*](https://example.com)', 2, 'See the docs'],
  ])('%j is a heading', (line, level, text) => {
    expect(read(line).headings).toEqual([{ level, text }]);
  });

  it.each(['#hashtag', '####### seven', '    # code', 'text # not', '\\# escaped'])('%j is no heading', (line) => {
    expect(read(line).headings).toEqual([]);
  });

  it('takes underlined text for a heading, but no rule, list or table', () => {
    expect(read('Title', '===', '', 'Sub', '---').headings).toEqual([
      { level: 1, text: 'Title' },
      { level: 2, text: 'Sub' },
    ]);
    expect(read('', '---', '- item', '---', 'a | b', '--|--').headings).toEqual([]);
  });

  it('counts code blocks and their languages, and looks for nothing inside of them', () => {
    const { codeBlocks, languages, headings, links, prose } = read(
      '```ts title="x"', '# not a heading', '[no](link)', '~~~', '```', 'text', '~~~~', '~~~', '~~~~~', '```TS', 'open',
    ); // prettier-ignore
    expect({ codeBlocks, languages, headings, links }).toEqual({
      codeBlocks: 3,
      languages: ['ts'],
      headings: [],
      links: 0,
    });
    expect(prose.trim()).toBe('text');
  });

  it('does not take code in a line for a code block', () => {
    expect(read('``` a ` b', 'text').codeBlocks).toBe(0);
  });

  it.each([
    ['[a](https://example.com) and [b](x.md "title")', 2, 0],
    ['[a][1] [b][]', 2, 0],
    ['[1]: https://example.com', 0, 0],
    ['<https://example.com> or https://example.com/b', 2, 0],
    ['[https://example.com](https://example.com)', 1, 0],
    ['![alt](a.png)', 0, 1],
    ['[![alt](a.png)](https://example.com)', 1, 1],
    ['`[a](b)` and `https://example.com`', 0, 0],
    ['[ ] todo, array[0](x', 0, 0],
  ])('%j has links and images', (line, links, images) => {
    expect(read(line)).toMatchObject({ links, images });
  });

  it('leaves front matter out, at the beginning only', () => {
    expect(read('---', 'title: # x', '---', '# Real').headings).toEqual([{ level: 1, text: 'Real' }]);
    expect(read('# Real', '---', 'title', '---').headings).toEqual([
      { level: 1, text: 'Real' },
      { level: 2, text: 'title' },
    ]);
  });

  it('gives the prose without markup, headings as paragraphs of their own', () => {
    const { prose } = read('# Title', 'Some **bold** [link](https://example.com), `code`.', '- [x] item', '> quote');
    expect(prose).toBe('\nTitle\n\nSome bold link, code.\nitem\nquote');
  });

  it('lists a bounded outline and counts all headings', () => {
    const { headings, headingCount } = read(`# ${'x'.repeat(500)}`, ...Array.from({ length: 1500 }, () => '## y'));
    expect([headings.length, headingCount]).toEqual([1000, 1501]);
    expect(headings[0]?.text).toHaveLength(200);
  });

  it('takes any line', () => {
    const unit = fc.constantFrom('`', '[', ']', '(', ')', '<', 'h', '#', ' ', '!', '*', '~', '-', '"', 'a');
    fc.assert(
      fc.property(fc.array(fc.string({ unit, maxLength: 30 }), { maxLength: 6 }), (lines) => {
        const { headings } = read(...lines);
        expect(headings.every(({ level }) => level >= 1 && level <= 6)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it.each(['`', '[', '](', '[a](', '[a](b ', '<http://', '![a][', '# #', '> ', '*~'])(
    'takes time in proportion to a line of nothing but %j',
    (mark) => {
      expect(read(`x${mark.repeat(100_000)}`).codeBlocks).toBe(0);
    },
  );
});
