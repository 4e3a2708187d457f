import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../testing/arbitraries/text.arbitrary.js';
import { A2AClientLimitError } from '../errors/client.errors.js';
import { type ReceivedSse, SseParser } from './sse.parser.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string, max = 1_000_000): ReceivedSse[] => new SseParser(max).push(bytesOf(text));

/** The stream in pieces of these lengths, repeated. */
function inPieces(bytes: Uint8Array, lengths: readonly number[]): ReceivedSse[] {
  const parser = new SseParser(1_000_000);
  const events: ReceivedSse[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = Math.max(1, lengths[i % lengths.length] ?? 1);
    events.push(...parser.push(bytes.subarray(at, at + length)));
    at += length;
  }
  return events;
}

describe('SseParser', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('takes lines that end with %s', (_name, end) => {
    const text = ['id: 1', 'data: one', '', 'event: error', 'data: two', '', ''].join(end);
    expect(parse(text)).toEqual([
      { id: '1', type: 'message', data: 'one' },
      { type: 'error', data: 'two' },
    ]);
  });

  it('joins the lines of data, and takes away one space after the colon', () => {
    expect(parse('data:a\ndata: b\ndata:  c\ndata\ndata:\n\n')).toEqual([{ type: 'message', data: 'a\nb\n c\n\n' }]);
  });

  it('skips a byte order mark at the beginning, and nowhere else', () => {
    expect(parse('\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: c\n\n').map(({ data }) => data)).toEqual(['a', 'c']);
  });

  it('gives nothing for comments, unknown fields and blocks without data', () => {
    const parser = new SseParser(100);
    expect(parser.push(bytesOf(': keep-alive\n\n:\n\nid: 7\n\nevent: x\n\nother: y\n\ndata: a\n\n'))).toEqual([
      { type: 'message', data: 'a' },
    ]);
    expect(parser.comments).toBe(2);
  });

  it('gives an event that has empty data', () => {
    expect(parse('data\n\ndata:\n\n')).toEqual([
      { type: 'message', data: '' },
      { type: 'message', data: '' },
    ]);
  });

  it('takes no id with a null character, and an empty one as it is', () => {
    expect(parse('id: a\0b\ndata: x\n\nid\ndata: y\n\n')).toEqual([
      { type: 'message', data: 'x' },
      { id: '', type: 'message', data: 'y' },
    ]);
  });

  it('reads the reconnection time, when it is a number', () => {
    const parser = new SseParser(100);
    expect(parser.retryMs).toBeUndefined();
    parser.push(bytesOf('retry: 1500\nretry: soon\nretry: -1\nretry:\n'));
    expect(parser.retryMs).toBe(1500);
  });

  it('drops what is cut at the end', () => {
    expect(parse('data: whole\n\ndata: cut\n')).toEqual([{ type: 'message', data: 'whole' }]);
    expect(parse('data: whole\n\ndata: cu')).toHaveLength(1);
  });

  it('replaces what is no UTF-8, and goes on', () => {
    const bytes = Uint8Array.from([...bytesOf('data: a'), 0xff, ...bytesOf('b\n\ndata: c\n\n')]);
    expect(inPieces(bytes, [1]).map(({ data }) => data)).toEqual(['a\uFFFDb', 'c']);
  });

  it('gives the same events however the bytes are cut', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        ': c',
        'data',
        'data: {"é":"🚀"}',
        'data:\u2028',
        'id: 12',
        'id:',
        'event: e',
        'x: y',
        '\uFEFF',
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
    );
    const stream = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 20 })
      .map((lines) => bytesOf(lines.map(([text, end]) => text + end).join('')));
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        (bytes, lengths) => {
          expect(inPieces(bytes, lengths)).toEqual(new SseParser(1_000_000).push(bytes));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives back what was framed, whatever the texts are', () => {
    const text = anyText({ maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), text), { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (events, length) => {
          const framed = events.map(([id, data]) => `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`).join(': x\n\n');
          const received = inPieces(bytesOf(framed), [length]);
          expect(received.map(({ id, data }) => [Number(id), JSON.parse(data)])).toEqual(events);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['one endless line', ['x'.repeat(60), 'x'.repeat(60)]],
    ['one long data line', [`data: ${'x'.repeat(101)}\n`]],
    ['many data lines', Array.from({ length: 30 }, () => 'data: xxxx\n')],
    ['an endless id', [`id: ${'1'.repeat(101)}\n`]],
  ])('holds no more than it may: %s', (_name, pieces) => {
    const parser = new SseParser(100);
    expect(() => pieces.forEach((piece) => parser.push(bytesOf(piece)))).toThrow(A2AClientLimitError);
  });

  it('has no limit on the stream, only on its events', () => {
    const parser = new SseParser(100);
    for (let i = 0; i < 1000; i++) expect(parser.push(bytesOf(`: ${'x'.repeat(50)}\ndata: ${i}\n\n`))).toHaveLength(1);
  });
});
