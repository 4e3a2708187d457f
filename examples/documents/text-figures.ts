import { piecesOf } from './pieces.js';

const WORDS = new Intl.Segmenter('en', { granularity: 'word' });
const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
const WORDS_PER_SECOND = 238 / 60;

/** Counts what a text is made of; `keyTerms` are its most frequent words of five letters or more. */
export async function textFigures(text: string, signal: AbortSignal) {
  const counts = new Map<string, number>();
  let [words, sentences, paragraphs] = [0, 0, 0];
  for await (const piece of piecesOf(text, signal)) {
    for (const { segment, isWordLike } of WORDS.segment(piece)) {
      if (!isWordLike) continue;
      words++;
      const word = segment.toLowerCase();
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    for (const { segment } of SENTENCES.segment(piece)) if (/[\p{L}\p{N}]/u.test(segment)) sentences++;
    paragraphs += piece.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '').length;
  }
  const terms = [...counts].filter(([term]) => /^\p{L}{5,40}$/u.test(term)).map(([term, count]) => ({ term, count }));
  const keyTerms = terms.sort((a, b) => b.count - a.count).slice(0, 10);
  const readingSeconds = Math.ceil(words / WORDS_PER_SECOND);
  return { words, uniqueWords: counts.size, sentences, paragraphs, readingSeconds, keyTerms };
}
