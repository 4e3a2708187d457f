import { isUtf8 } from 'node:buffer';
import { DocumentError } from './document.error.js';

/** The text of a file, without a byte order mark. @throws DocumentError when the bytes are not text in UTF-8. */
export function textOf(bytes: Buffer, name: string): string {
  if (!isUtf8(bytes)) {
    throw new DocumentError(`'${name}' is not valid UTF-8. Save it as UTF-8 and send it again.`);
  }
  return withoutMark(bytes.toString('utf8'), name);
}

/** Without a byte order mark. @throws DocumentError when it has characters that no text has. */
export function withoutMark(text: string, name: string): string {
  if (text.includes('\0')) {
    throw new DocumentError(`'${name}' has a NUL character: it is not a text. Send plain text, Markdown or CSV.`);
  }
  return text.replace(/^\uFEFF/, '');
}
