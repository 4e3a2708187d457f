import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseParser } from './sse.parser.js';

function parse(bytes: Uint8Array, cuts: readonly number[] = []): string[] {
  const parser = new SseParser();
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  const pieces = places.slice(1).map((to, index) => bytes.subarray(places[index], to));
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}

const bytesOf = (text: string): Buffer => Buffer.from(text);

describe('SseParser', () => {
  it('gives the same events wherever the bytes are cut, and whatever ends the lines', () => {
    const data = fc.string({ unit: fc.constantFrom('a', 'é', '漢', '😀', ' ', ':', '{'), maxLength: 10 });
    const cuts = fc.array(fc.nat(500), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(data, { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        cuts,
        (events, end, places) => {
          const text = events.map((event) => `: comment${end}id: 1${end}data: ${event}${end}${end}`).join('');
          expect(parse(bytesOf(text), places)).toEqual(events);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives an event as soon as its blank line is there', () => {
    const parser = new SseParser();
    expect(parser.push(bytesOf('data: a\n'))).toEqual([]);
    expect(parser.push(bytesOf('\ndata: b\r\n\r\ndata'))).toEqual(['a', 'b']);
    expect(parser.push(bytesOf(': c\n\n'))).toEqual(['c']);
    expect(parser.end()).toEqual([]);
  });

  it.each([
    ['data without a space', 'data:x\n\n', ['x']],
    ['one space only taken off', 'data:  x\n\n', [' x']],
    ['several lines of data', 'data: a\ndata: b\n\n', ['a\nb']],
    ['data without a value', 'data\n\n', ['']],
    ['no event for comments and fields alone', ': ping\n\nevent: x\n\nretry: 5\n\n', []],
    ['no field that only begins with data', 'database: x\n\n', []],
    ['a byte order mark', '\uFEFFdata: x\n\n', ['x']],
    ['a last event without its blank line', 'data: a\n\ndata: [DONE]', ['a', '[DONE]']],
    ['a last line ended by CR', 'data: x\r', ['x']],
  ])('reads %s', (_, text, events) => {
    expect(parse(bytesOf(text))).toEqual(events);
  });

  it('refuses an event that never ends', () => {
    const parser = new SseParser();
    const piece = bytesOf('x'.repeat(500_000));
    parser.push(bytesOf('data: '));
    parser.push(piece);
    parser.push(piece);
    expect(() => parser.push(piece)).toThrow('an event of more than 1048576 characters');
  });

  it('refuses an event of too many lines', () => {
    const parser = new SseParser();
    const lines = bytesOf(`data: ${'x'.repeat(1000)}\n`.repeat(600));
    parser.push(lines);
    expect(() => parser.push(lines)).toThrow('an event of more than');
  });
});
