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
    const cut = from + PIECE < text.length ? cutOf(piece) : piece.length;
    yield piece.slice(0, cut);
    from += cut;
  }
}

function cutOf(piece: string): number {
  for (const mark of ['\n\n', '\n', ' ']) {
    const at = piece.lastIndexOf(mark);
    if (at >= 0) return at + mark.length;
  }
  return /[\uD800-\uDBFF]$/.test(piece) ? piece.length - 1 : piece.length;
}
