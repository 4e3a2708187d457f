/** Array literals for values that need no quoting: numbers, UUIDs, single letters, booleans. */
export const plainArray = (values: readonly (string | number | boolean | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;

const JSON_OID = 114;
const HEADER_BYTES = 20;

/**
 * A json[] in the binary form of the protocol. Texts are copied as they are; an array literal would escape every quotation mark
 * here and unescape it on the server.
 */
export function jsonArray(texts: readonly (string | undefined)[]): Buffer {
  let size = HEADER_BYTES;
  for (const text of texts) size += 4 + (text === undefined ? 0 : Buffer.byteLength(text));
  const buffer = Buffer.allocUnsafe(size);
  let at = buffer.writeInt32BE(texts.length === 0 ? 0 : 1, 0);
  at = buffer.writeInt32BE(texts.includes(undefined) ? 1 : 0, at);
  at = buffer.writeInt32BE(JSON_OID, at);
  if (texts.length === 0) return buffer.subarray(0, at);
  at = buffer.writeInt32BE(texts.length, at);
  at = buffer.writeInt32BE(1, at);
  for (const text of texts) {
    const bytes = text === undefined ? 0 : buffer.write(text, at + 4);
    buffer.writeInt32BE(text === undefined ? -1 : bytes, at);
    at += 4 + bytes;
  }
  return buffer;
}
