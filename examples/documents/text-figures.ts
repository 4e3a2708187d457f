import { setImmediate } from 'node:timers/promises';

/** Short, as a segmenter's time grows with the square of the length; if possible to the end of a word. */
const PIECES = /[^]{1,2048}(?!\S)|[^]{1,2048}/gu;
const WORDS = new Intl.Segmenter('en', { granularity: 'word' });

/** A text in pieces. Between two of them the process does other work, and the signal may end the run. */
export async function* piecesOf(text: string, signal: AbortSignal): AsyncGenerator<string> {
  for (const [piece] of text.matchAll(PIECES)) {
    yield piece;
    await setImmediate(undefined, { signal });
  }
}

export async function textFigures({ text }: { text: string }, signal: AbortSignal) {
  let [lines, words] = [/[^\n]$/.test(text) ? 1 : 0, 0];
  for await (const piece of piecesOf(text, signal)) {
    lines += piece.split('\n').length - 1;
    for (const { isWordLike } of WORDS.segment(piece)) if (isWordLike) words++;
  }
  return { lines, words };
}
