import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyTerms } from './key-terms.js';
import { linesOf, ParagraphReader, type Piece } from './lines.js';
import { readabilityOf } from './readability.js';
import { countSentences } from './sentences.js';
import { countSyllables } from './syllables.js';
import { TextTally } from './text-tally.js';

function figuresOf(text: string) {
  const tally = new TextTally();
  for (const piece of paragraphsOf([...linesOf(text)])) tally.add(piece);
  return tally.figures();
}

function paragraphsOf(lines: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  const reader = new ParagraphReader((piece) => void pieces.push(piece));
  for (const line of lines) reader.add(line);
  reader.end();
  return pieces;
}

describe('linesOf', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\r\nb\rc\n\nd', ['a', 'b', 'c', '', 'd']],
    ['\n\n', ['', '']],
  ])('cuts %j', (text, lines) => {
    expect([...linesOf(text)]).toEqual(lines);
  });
});

describe('ParagraphReader', () => {
  it('joins the lines between blank ones', () => {
    const texts = paragraphsOf(['', 'a', 'b', ' ', '\t', 'c']).map(({ text }) => text);
    expect(texts).toEqual(['a\nb', 'c']);
  });

  it('cuts a very long paragraph at white space, and counts it once', () => {
    const long = 'word '.repeat(40_000).trim();
    const pieces = paragraphsOf([long, '', 'next']);
    expect(pieces.map(({ beginsParagraph }) => beginsParagraph)).toEqual([true, false, false, false, true]);
    expect(pieces.every(({ text }) => text.length <= 65_536)).toBe(true);
    expect(pieces.map(({ text }) => text).join('')).toBe(`${long}next`);
    expect(figuresOf(long)).toMatchObject({ paragraphs: 1, words: 40_000, uniqueWords: 1 });
  });

  it('cuts what has no white space, too', () => {
    expect(paragraphsOf(['x'.repeat(150_000)]).map(({ text }) => text.length)).toEqual([65_536, 65_536, 18_928]);
  });
});

describe('countSentences', () => {
  it.each([
    ['', 0],
    ['...', 0],
    ['One', 1],
    ['One. Two! Three?', 3],
    ['One... two', 2],
    ['Really?! Yes.', 2],
    ['He said "Stop." Then he left.', 2],
    ['Mr. Smith met Dr. Jones, e.g. today.', 1],
    ['J. R. Smith from the U.S. came.', 1],
    ['It costs 3.14 dollars.', 1],
    ['See example.com for more', 1],
    ['So did I. Then we left.', 2],
    ['今日は。元気？はい！', 3],
    ['One line\nand another.', 1],
  ])('%j has %i', (text, count) => {
    expect(countSentences(text)).toBe(count);
  });

  it('takes time in proportion to the text, also for nothing but full stops', () => {
    expect(countSentences(`${'.'.repeat(300_000)}x`)).toBe(1);
    expect(countSentences('. '.repeat(100_000))).toBe(0);
  });
});

describe('countSyllables', () => {
  it.each([
    ['cat', 1], ['made', 1], ['the', 1], ['hoped', 1], ['plates', 1], ['makes', 1], ['strength', 1],
    ['table', 2], ['tables', 2], ['needed', 2], ['boxes', 2], ['wishes', 2], ['being', 2], ['science', 2], ['reading', 2],
    ['create', 2], ['cream', 1], ['equal', 2], ['houses', 2],
    ['creation', 3], ['idea', 3], ['various', 3], ['usual', 3], ['readable', 3],
    ['education', 4], ['readability', 5],
    ['naïve', 1], ['42', 1], ['', 1],
  ] as const)('%s has %i', (word, count) => {
    expect(countSyllables(word)).toBe(count);
  }); // prettier-ignore
});

describe('readabilityOf', () => {
  it('follows the formulas of Flesch and of Flesch and Kincaid', () => {
    expect(readabilityOf(100, 5, 150)).toEqual({ readingEase: 59.6, grade: 9.9, level: 'fairly difficult' });
    expect(readabilityOf(10, 1, 12)).toEqual({ readingEase: 95.2, grade: 2.5, level: 'very easy' });
    expect(readabilityOf(10, 1, 40)?.level).toBe('very difficult');
  });

  it('gives nothing without words', () => {
    expect(readabilityOf(0, 0, 0)).toBeUndefined();
  });
});

describe('keyTerms', () => {
  it('puts a word that runs through the text before one that is heaped in one place', () => {
    const words = new Map([
      ['heaped', { count: 4, paragraphs: 1 }],
      ['spread', { count: 4, paragraphs: 4 }],
      ['the', { count: 90, paragraphs: 9 }],
      ['2026', { count: 90, paragraphs: 9 }],
      ['ab', { count: 90, paragraphs: 9 }],
      ['東京', { count: 1, paragraphs: 1 }],
    ]);
    expect(keyTerms(words).map(({ term }) => term)).toEqual(['spread', 'heaped', '東京']);
    expect(keyTerms(words, 1)).toEqual([{ term: 'spread', count: 4, paragraphs: 4, score: 9.29 }]);
  });
});

describe('TextTally', () => {
  it('counts words, different words, sentences and paragraphs', () => {
    expect(figuresOf("The Don't-care bit: 3.14 isn’t π.\n\nThe end isn't near.")).toMatchObject({
      words: 10,
      uniqueWords: 8,
      sentences: 2,
      paragraphs: 2,
      readingSeconds: 3,
    });
  });

  it('gives the readability of Latin text only', () => {
    expect(figuresOf('The cat sat on the mat.').readability).toMatchObject({ level: 'very easy' });
    expect(figuresOf('Москва столица России.')).not.toHaveProperty('readability');
    expect(figuresOf('')).not.toHaveProperty('readability');
  });

  it('takes any text and keeps its counts in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const { words, uniqueWords, paragraphs } = figuresOf(text);
        expect(uniqueWords).toBeLessThanOrEqual(words);
        expect(paragraphs).toBeLessThanOrEqual([...linesOf(text)].length);
      }),
      { numRuns: 100 },
    );
  });
});
