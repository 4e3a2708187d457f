import { type KeyTerm, keyTerms, type Occurrences } from './key-terms.js';
import type { Piece } from './lines.js';
import { type Readability, readabilityOf } from './readability.js';
import { countSentences } from './sentences.js';
import { countSyllables } from './syllables.js';

export interface TextFigures {
  readonly words: number;
  /** Without regard to case. */
  readonly uniqueWords: number;
  readonly sentences: number;
  readonly paragraphs: number;
  /** At 238 words a minute, the mean of silent reading in English (Brysbaert 2019). */
  readonly readingSeconds: number;
  readonly keyTerms: KeyTerm[];
  /** Absent without words, and when less than 80 % of them are in Latin letters: the formulas are for English. */
  readonly readability?: Readability;
}

/** Letters, digits and marks, with single apostrophes, hyphens and decimal signs inside. */
const WORD = /[\p{L}\p{N}\p{M}]+(?:(?:['’-]|(?<=\p{N})[.,](?=\p{N}))[\p{L}\p{N}\p{M}]+)*/gu;
const WORDS_PER_SECOND = 238 / 60;
const LATIN_SHARE = 0.8;

interface Word extends Occurrences {
  count: number;
  paragraphs: number;
  /** Number of the paragraph that had it last. */
  lastParagraph: number;
  readonly syllables: number;
  readonly latin: boolean;
}

/** Counts what a text is made of, paragraph by paragraph. */
export class TextTally {
  readonly #words = new Map<string, Word>();
  #total = 0;
  #latin = 0;
  #syllables = 0;
  #sentences = 0;
  #paragraphs = 0;

  add({ text, beginsParagraph }: Piece): void {
    if (beginsParagraph) this.#paragraphs++;
    this.#sentences += countSentences(text);
    for (const [word] of text.matchAll(WORD)) this.#count(word);
  }

  figures(): TextFigures {
    const readability =
      this.#latin >= this.#total * LATIN_SHARE
        ? readabilityOf(this.#total, Math.max(1, this.#sentences), this.#syllables)
        : undefined;
    return {
      words: this.#total,
      uniqueWords: this.#words.size,
      sentences: this.#sentences,
      paragraphs: this.#paragraphs,
      readingSeconds: Math.ceil(this.#total / WORDS_PER_SECOND),
      keyTerms: keyTerms(this.#words),
      ...(readability && { readability }),
    };
  }

  #count(word: string): void {
    const key = word.toLowerCase().replaceAll('’', "'");
    const entry = this.#words.get(key) ?? this.#newWord(key);
    entry.count++;
    if (entry.lastParagraph !== this.#paragraphs) entry.paragraphs++;
    entry.lastParagraph = this.#paragraphs;
    this.#total++;
    this.#syllables += entry.syllables;
    if (entry.latin) this.#latin++;
  }

  #newWord(key: string): Word {
    const latin = /\p{Script=Latin}/u.test(key) || /^[\p{N}.,]+$/u.test(key);
    const word = { count: 0, paragraphs: 0, lastParagraph: 0, syllables: countSyllables(key), latin };
    this.#words.set(key, word);
    return word;
  }
}
