import { setImmediate } from 'node:timers/promises';

/** Characters that are read at once. */
export const PIECE = 16_384;
const WORDS = new Intl.Segmenter('en', { granularity: 'word' });
const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
const WORDS_PER_SECOND = 238 / 60;

/** Lets the process do other work between two pieces. @throws the reason of the signal when it is aborted. */
export async function pause(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

/** A text in pieces, cut between paragraphs, lines or words where there are any. */
export async function* piecesOf(text: string, signal: AbortSignal): AsyncGenerator<string> {
  for (let rest = text; rest !== ''; await pause(signal)) {
    const piece = rest.slice(0, PIECE);
    const mark = ['\n\n', '\n', ' '].find((each) => piece.includes(each)) ?? '';
    // Without white space: not within a character of two units.
    const cut = mark ? piece.lastIndexOf(mark) + mark.length : piece.replace(/[\uD800-\uDBFF]$/, '').length;
    const length = rest.length > PIECE ? cut : PIECE;
    yield rest.slice(0, length);
    rest = rest.slice(length);
  }
}

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
  const terms = [...counts].filter(([term]) => /^\p{L}{5,40}$/u.test(term)).sort(([, a], [, b]) => b - a);
  const keyTerms = terms.slice(0, 10).map(([term, count]) => ({ term, count }));
  const readingSeconds = Math.ceil(words / WORDS_PER_SECOND);
  return { words, uniqueWords: counts.size, sentences, paragraphs, readingSeconds, keyTerms };
}
