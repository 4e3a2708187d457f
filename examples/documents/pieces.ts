import { setImmediate } from 'node:timers/promises';

/** Characters that are read at once. */
export const PIECE = 16_384;

/** Lets the process do other work between two pieces. @throws the reason of the signal when it is aborted. */
export async function pause(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

/** A text in pieces, cut between paragraphs, lines or words where there are any. */
export async function* piecesOf(text: string, signal: AbortSignal): AsyncGenerator<string> {
  for (let from = 0; from < text.length; await pause(signal)) {
    const piece = text.slice(from, from + PIECE);
    const mark = ['\n\n', '\n', ' '].find((each) => piece.includes(each)) ?? '';
    // Without white space: not within a character of two units.
    const cut = mark ? piece.lastIndexOf(mark) + mark.length : piece.replace(/[\uD800-\uDBFF]$/, '').length;
    yield from + PIECE < text.length ? piece.slice(0, cut) : piece;
    from += from + PIECE < text.length ? cut : PIECE;
  }
}
