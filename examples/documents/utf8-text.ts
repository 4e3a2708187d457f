import { isUtf8 } from 'node:buffer';
import { printable } from '../../src/protocol/errors/index.js';
import { DocumentError } from './document.error.js';

/** The text of a file, without a byte order mark. @throws DocumentError when the bytes are not text in UTF-8. */
export function textOf(bytes: Buffer, name: string): string {
  if (!isUtf8(bytes)) {
    throw new DocumentError(`'${printable(name)}' is not valid UTF-8. Save it as UTF-8 and send it again.`);
  }
  if (bytes.includes(0)) {
    throw new DocumentError(`'${printable(name)}' has a NUL byte: it is not a text. Send plain text, Markdown or CSV.`);
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}
