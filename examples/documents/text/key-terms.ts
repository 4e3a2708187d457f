import { STOP_WORDS } from './stop-words.js';

export interface Occurrences {
  readonly count: number;
  /** Paragraphs that have the word. */
  readonly paragraphs: number;
}

export interface KeyTerm extends Occurrences {
  readonly term: string;
  readonly score: number;
}

/**
 * The words a text is about. Score: count × log2(1 + paragraphs that have it), so that a word that runs through the text goes
 * before one that is heaped in a single place. Stop words, numbers and words of one or two letters are left out. Equal scores
 * keep the order of the text.
 */
export function keyTerms(words: ReadonlyMap<string, Occurrences>, limit = 10): KeyTerm[] {
  const terms: KeyTerm[] = [];
  for (const [term, { count, paragraphs }] of words) {
    if (isCandidate(term)) terms.push({ term, count, paragraphs, score: round(count * Math.log2(1 + paragraphs)) });
  }
  return terms.sort((a, b) => b.score - a.score || b.count - a.count).slice(0, limit);
}

const isCandidate = (word: string): boolean =>
  word.length <= 64 &&
  !STOP_WORDS.has(word) &&
  /\p{L}/u.test(word) &&
  (word.length > 2 || /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word));

const round = (value: number): number => Math.round(value * 100) / 100;
