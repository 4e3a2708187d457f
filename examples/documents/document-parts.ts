import type { Message, Part, RawPart, TextPart } from '../../src/protocol/model/index.js';
import { DocumentError } from './document.error.js';
import type { DocumentsOptions } from './documents.options.js';
import { type DocumentKind, kindOfDocument } from './document-kind.js';
import { textOf, withoutMark } from './utf8-text.js';

const LONGEST_NAME = 128;

export interface Document {
  /** Of the file, as far as it is printable. */
  readonly name: string;
  readonly kind: DocumentKind;
  /** Parameter `header` of `text/csv` (RFC 4180); undefined when it is not there. */
  readonly header?: boolean;
  readonly bytes: number;
  /** Without a byte order mark. */
  readonly text: string;
}

/** True when the message has an address instead of content: nothing is fetched. */
export const hasAddress = ({ parts }: Message): boolean => parts.some((part) => 'url' in part);

/**
 * The documents of a message: its files, and text parts that declare a media type or a file name; when there are none, its
 * text parts joined are one document. None when all of it is blank.
 * @throws DocumentError when they are too many or too large, or one is not text in UTF-8.
 */
export function documentsOf({ parts }: Message, limits: Required<DocumentsOptions>): Document[] {
  const attached = parts.filter(isAttachment);
  if (attached.length > limits.maxDocuments) {
    throw new DocumentError(
      `There are ${attached.length} documents; send at most ${limits.maxDocuments} in a message.`,
    );
  }
  const given = attached.length > 0 ? attached : plainText(parts);
  const bytes = given.reduce((sum, part) => sum + bytesOf(part), 0);
  if (bytes > limits.maxBytes) {
    throw new DocumentError(`The documents have ${bytes} bytes; send at most ${limits.maxBytes} in a message.`);
  }
  const documents = given.map((part, index) => toDocument(part, `document ${index + 1}`));
  return documents.every(({ text }) => text.trim() === '') ? [] : documents;
}

type Attachment = TextPart | RawPart;

const isAttachment = (part: Part): part is Attachment =>
  'raw' in part || ('text' in part && Boolean(part.mediaType || part.filename) && part.text.trim() !== '');

function plainText(parts: readonly Part[]): TextPart[] {
  const texts = parts.flatMap((part) => ('text' in part ? [part.text] : []));
  return texts.length > 0 ? [{ text: texts.join('\n'), filename: 'text' }] : [];
}

function toDocument(part: Attachment, unnamed: string): Document {
  const name = nameOf(part) || unnamed;
  const text = 'raw' in part ? textOf(Buffer.from(part.raw, 'base64'), name) : withoutMark(part.text, name);
  return { name, ...kindOfDocument(part), bytes: bytesOf(part), text };
}

/** On one line, and no longer than a line. */
const nameOf = ({ filename = '' }: Attachment): string =>
  filename
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, LONGEST_NAME)
    .toWellFormed()
    .trim();

/** Of base64, without decoding it. */
function bytesOf(part: Attachment): number {
  return 'raw' in part ? Buffer.byteLength(part.raw, 'base64') : Buffer.byteLength(part.text);
}
