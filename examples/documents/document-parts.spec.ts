import { describe, expect, it } from '@jest/globals';
import type { Message, Part } from '../../src/index.js';
import { documentsOf } from './document-parts.js';

const message = (...parts: Part[]): Message => ({ messageId: 'm', role: 'ROLE_USER', parts });
const raw = (content: string | Uint8Array, fields: Partial<Part> = {}): Part => ({
  raw: Buffer.from(content).toString('base64'),
  ...fields,
});
const read = (...parts: Part[]) => documentsOf(message(...parts));

describe('documentsOf', () => {
  it('joins plain text parts into one document', () => {
    expect(read({ text: 'a' }, { text: 'b' })).toEqual([{ name: 'text', kind: 'text', bytes: 3, text: 'a\nb' }]);
  });

  it('reads files, by media type or by extension, and leaves the text around them out', () => {
    const csv = raw('a,b', { mediaType: 'text/csv; charset=utf-8', filename: 'x.txt' });
    const markdown = raw('# é', { mediaType: 'text/plain', filename: 'README.MD' });
    const plain = { text: 'c', mediaType: 'text/plain' };
    expect(read({ text: 'please look' }, csv, markdown, plain)).toEqual([
      { name: 'x.txt', kind: 'csv', bytes: 3, text: 'a,b' },
      { name: 'README.MD', kind: 'markdown', bytes: 4, text: '# é' },
      { name: 'document 3', kind: 'text', bytes: 1, text: 'c' },
    ]);
  });

  it.each([
    ['text/markdown', 'x', 'markdown'],
    ['TEXT/CSV;charset=utf-8', 'x', 'csv'],
    ['', 'table.tsv', 'csv'],
    ['application/octet-stream', 'notes.txt', 'text'],
    ['constructor', 'x.constructor', 'text'],
  ])('takes %j named %s for %s', (mediaType, filename, kind) => {
    expect(read(raw('x', { mediaType, filename }))).toMatchObject([{ kind }]);
  });

  it('keeps the name of a file printable and short', () => {
    const names = read(raw('x', { filename: 'a\r\n\u001bb.txt' }), raw('x', { filename: 'n'.repeat(500) }));
    expect(names.map(({ name }) => name)).toEqual(['a b.txt', 'n'.repeat(80)]);
  });

  it('keeps a blank document next to others', () => {
    expect(read(raw('', { filename: 'empty.csv' }), raw('x'))).toMatchObject([{ name: 'empty.csv', bytes: 0 }, {}]);
  });

  it('takes a byte order mark off', () => {
    expect(read(raw('\uFEFFa'), { text: '\uFEFFb', filename: 'b' }).map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('finds no document in what is blank, or data', () => {
    expect(read({ text: ' \n' })).toEqual([]);
    expect(read(raw('\n'))).toEqual([]);
    expect(read({ data: { a: 1 } })).toEqual([]);
    expect(read()).toEqual([]);
  });

  it.each([
    ['Latin-1', Buffer.from([0x63, 0x61, 0x66, 0xe9])],
    ['UTF-16 with a byte order mark', Buffer.from('\uFEFFhello', 'utf16le')],
    ['a character that is cut off', Buffer.from('é').subarray(0, 1)],
  ])('refuses %s by name', (_, bytes) => {
    expect(() => read(raw(bytes, { filename: 'a.txt' }))).toThrow("'a.txt' is not valid UTF-8. Save it as UTF-8");
  });

  it('limits the bytes of all documents, counted without base64', () => {
    const limits = { maxBytes: 10, maxDocuments: 3 };
    const parts = [raw('12345'), { text: '€1', filename: 'b' }];
    expect(documentsOf(message(...parts), limits)).toHaveLength(2);
    expect(() => documentsOf(message(...parts, raw('1')), { ...limits, maxBytes: 9 })).toThrow(
      'The documents have 10 bytes; send at most 9 in a message.',
    );
    expect(() => documentsOf(message({ text: 'x'.repeat(11) }), limits)).toThrow('11 bytes');
  });

  it('limits the number of documents', () => {
    const parts = Array.from({ length: 17 }, () => raw('x'));
    expect(() => read(...parts)).toThrow('There are 17 documents; send at most 16 in a message.');
    expect(read(...parts.slice(1))).toHaveLength(16);
  });
});
