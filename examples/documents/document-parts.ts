import { isUtf8 } from 'node:buffer';
import type { Message, RawPart, TextPart } from '../../src/index.js';

export interface DocumentsOptions {
  /** Bytes of all documents of a message together. Default 5,000,000. */
  maxBytes?: number;
  /** Documents in a message. Default 16. */
  maxDocuments?: number;
}

/** What is wrong with a document, in words for the client. */
export class DocumentError extends Error {}

export type Document = ReturnType<typeof toDocument>;

/** Files, and text parts with a media type or a file name; without any, all text is one document. None when all is blank. */
export function documentsOf({ parts }: Message, options: DocumentsOptions = {}): Document[] {
  const { maxBytes = 5_000_000, maxDocuments = 16 } = options;
  const readable = parts.filter((part) => 'raw' in part || 'text' in part);
  const attached = readable.filter((part) => 'raw' in part || part.mediaType || part.filename);
  if (attached.length > maxDocuments)
    throw new DocumentError(`There are ${attached.length} documents; send at most ${maxDocuments} in a message.`);
  const text = readable.map((part) => ('text' in part ? part.text : '')).join('\n');
  const documents = (attached.length > 0 ? attached : [{ text, filename: 'text' }]).map(toDocument);
  const bytes = documents.reduce((sum, document) => sum + document.bytes, 0);
  if (bytes > maxBytes)
    throw new DocumentError(`The documents have ${bytes} bytes; send at most ${maxBytes} in a message.`);
  return documents.every((document) => document.text.trim() === '') ? [] : documents;
}

function toDocument(part: RawPart | TextPart, index: number) {
  const { filename = '', mediaType = '' } = part;
  const name = short(filename) || `document ${index + 1}`;
  const content = 'raw' in part ? Buffer.from(part.raw, 'base64') : Buffer.from(part.text);
  if (!isUtf8(content)) throw new DocumentError(`'${name}' is not valid UTF-8. Save it as UTF-8 and send it again.`);
  const type = /^text\/(csv|markdown)\s*(?:;|$)/i.exec(mediaType) ?? /\.(csv|tsv|md|markdown)$/i.exec(filename);
  const kind = !type ? 'text' : /sv$/i.test(type[1] ?? '') ? 'csv' : 'markdown';
  return { name, kind, bytes: content.length, text: new TextDecoder().decode(content) } as const;
}

/** Text from outside as a name: on one line, at most 80 characters. */
export const short = (text: string): string => {
  const line = text.slice(0, 80).replace(/[\p{Cc}\s]+/gu, ' ');
  return line.toWellFormed().trim();
};
