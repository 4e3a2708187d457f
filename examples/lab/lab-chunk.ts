const DIGITS = 8;
const FILLER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * The chunk number `index` (from 0) of a `stream`: exactly `bytes` ASCII characters, none of which JSON escapes. It begins
 * with the index, zero-padded to 8 digits; below 8 bytes it is the last digits of that. The rest differs from index to index.
 */
export function labChunk(index: number, bytes: number): string {
  const head = String(index).padStart(DIGITS, '0');
  if (bytes <= DIGITS) return head.slice(DIGITS - bytes);
  const rest = bytes - DIGITS;
  const shift = index % FILLER.length;
  return head + (FILLER.slice(shift) + FILLER.repeat(Math.ceil(rest / FILLER.length))).slice(0, rest);
}
