/** What is written to a socket at a time. */
export const PIECE_BYTES = 64 * 1024;

/** Views of one buffer, none larger than a piece; nothing is copied. */
export function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
