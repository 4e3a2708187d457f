import { isUtf8 } from 'node:buffer';
import type { Message, RawPart, TextPart } from '../../src/protocol/model/index.js';
import type { DocumentsOptions } from './documents.options.js';

/** What is wrong with a document, in words for the client. */
export class DocumentError extends Error {}

export interface Document {
  readonly name: string;
  readonly kind: 'text' | 'markdown' | 'csv';
  /** Parameter `header` of `text/csv`. */
  readonly header?: boolean;
  readonly bytes: number;
  readonly text: string;
}

/**
 * Files, and text parts with a media type or a file name; without any, all text is one document. None when all is blank.
 * @throws DocumentError for too many, too large ones, and for what is not text in UTF-8.
 */
export function documentsOf({ parts }: Message, { maxBytes, maxDocuments }: Required<DocumentsOptions>): Document[] {
  const attached = parts.filter(
    (part) => 'raw' in part || ('text' in part && Boolean(part.mediaType || part.filename) && part.text.trim() !== ''),
  ) as (RawPart | TextPart)[];
  if (attached.length > maxDocuments)
    throw new DocumentError(`There are ${attached.length} documents; send at most ${maxDocuments} in a message.`);
  const text = parts.flatMap((part) => ('text' in part ? [part.text] : [])).join('\n');
  const contents = (attached.length > 0 ? attached : [{ text, filename: 'text' }]).map((part) => ({
    part,
    content: 'raw' in part ? Buffer.from(part.raw, 'base64') : Buffer.from(part.text),
  }));
  const bytes = contents.reduce((sum, { content }) => sum + content.length, 0);
  if (bytes > maxBytes)
    throw new DocumentError(`The documents have ${bytes} bytes; send at most ${maxBytes} in a message.`);
  const documents = contents.map(({ part, content }, index) => toDocument(part, content, `document ${index + 1}`));
  return documents.every((document) => document.text.trim() === '') ? [] : documents;
}

function toDocument({ filename = '', mediaType = '' }: RawPart | TextPart, content: Buffer, unnamed: string): Document {
  const name =
    filename
      .replace(/\p{Cc}/gu, ' ')
      .slice(0, 128)
      .toWellFormed()
      .trim() || unnamed;
  if (!isUtf8(content)) throw new DocumentError(`'${name}' is not valid UTF-8. Save it as UTF-8 and send it again.`);
  if (content.includes(0)) throw new DocumentError(`'${name}' has a NUL character: it is not a text.`);
  const text = content
    .toString()
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n');
  const header = /;\s*header="?(present|absent)\b/i.exec(mediaType)?.[1];
  const type = /^text\/(csv|markdown)\s*(?:;|$)/i.exec(mediaType) ?? /\.(csv|tsv|md|markdown)$/i.exec(filename);
  const kind = !type ? 'text' : /sv$/i.test(type[1] ?? '') ? 'csv' : 'markdown';
  return { name, kind, bytes: content.length, text, ...(header && { header: /present/i.test(header) }) };
}
