import { describe, expect, it } from '@jest/globals';
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { text } from '../../testing/arbitraries/index.js';
import { ProtobufError } from './wire.js';
import { WireReader } from './wire.reader.js';
import { WireWriter } from './wire.writer.js';

const int32 = () =>
  fc.oneof(fc.integer(), fc.constantFrom(0, 127, 128, 2 ** 28 - 1, 2 ** 28, -1, 2 ** 31 - 1, -(2 ** 31)));
const int64 = () => fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, 2 ** 28, 2 ** 35, -1, Number.MAX_SAFE_INTEGER));

const written = (write: (writer: WireWriter) => void): Buffer => {
  const writer = new WireWriter();
  write(writer);
  return writer.finish();
};
const reader = (...bytes: number[]): WireReader => new WireReader(Buffer.from(bytes));

/** The other implementation is protobuf-es, the one by protobuf's own people. */
describe('the wire format of protobuf', () => {
  it('writes each kind of value as another implementation reads it', () => {
    fc.assert(
      fc.property(int32(), int64(), fc.double(), text(300), fc.uint8Array(), (a, b, c, d, e) => {
        const bytes = written((writer) => {
          const end = writer.length;
          writer.bytes(e);
          writer.delimited(500_000_000, end);
          const after = writer.length;
          writer.text(d);
          writer.delimited(16, after);
          writer.double(c);
          writer.tag(3, 1);
          writer.signed(b);
          writer.tag(2, 0);
          writer.signed(a);
          writer.tag(1, 0);
        });
        const other = new BinaryReader(bytes);
        expect(other.tag()).toEqual([1, 0]);
        expect(other.int32()).toBe(a + 0);
        expect(other.tag()).toEqual([2, 0]);
        expect(Number(other.int64())).toBe(b + 0);
        expect(other.tag()).toEqual([3, 1]);
        expect(other.double()).toBe(c);
        expect(other.tag()).toEqual([16, 2]);
        expect(other.string()).toBe(d);
        expect(other.tag()).toEqual([500_000_000, 2]);
        expect(Buffer.from(other.bytes())).toEqual(Buffer.from(e));
        expect(other.pos).toBe(other.len);
      }),
      { numRuns: 200 },
    );
  });

  it('reads each kind of value as another implementation writes it', () => {
    fc.assert(
      fc.property(int32(), int64(), fc.double(), text(300), fc.boolean(), (a, b, c, d, e) => {
        const other = new BinaryWriter().int32(a).int64(b).double(c).string(d).bool(e);
        const mine = new WireReader(Buffer.from(other.finish()));
        expect(mine.int32()).toBe(a + 0);
        expect(mine.int64()).toBe(BigInt(b));
        expect(mine.double()).toBe(c);
        expect(mine.text()).toBe(d);
        expect(mine.bool()).toBe(e);
        expect(mine.done).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('takes the lower half of a long number for an int32, as others do', () => {
    const bytes = Buffer.from(new BinaryWriter().int64(2n ** 40n + 7n).finish());
    expect(new BinaryReader(bytes).int32()).toBe(7);
    expect(new WireReader(bytes).int32()).toBe(7);
  });

  it('grows beyond what it began with, and keeps nothing of other messages', () => {
    const long = 'ä'.repeat(100_000);
    const first = written((writer) => writer.text(long));
    const second = written((writer) => writer.text('b'));
    expect(first.toString()).toBe(long);
    expect(second.toString()).toBe('b');
    // Node's own pool of small buffers may hold it.
    expect(second.buffer.byteLength).toBeLessThan(first.length);
  });

  it('writes halves of surrogate pairs as U+FFFD', () => {
    expect(written((writer) => writer.text('a\ud800b')).toString()).toBe('a\ufffdb');
  });

  it.each([
    ['a number without an end', () => reader(0x80, 0x80).int32()],
    ['a number of eleven bytes', () => reader(...Array<number>(10).fill(0xff), 1).int32()],
    ['a text that is longer than what is left', () => reader(5, 65).text()],
    ['a length beyond all bounds', () => reader(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1).bytes()],
    ['a double that is cut off', () => reader(1, 2, 3).double()],
    ['field number 0', () => reader(2).tag()],
    ['a field number beyond 29 bits', () => reader(0x80, 0x80, 0x80, 0x80, 0x10).tag()],
    ['a group', () => reader().skip(3)],
    ['wire type 7', () => reader().skip(7)],
  ])('refuses %s', (_, read) => {
    expect(read).toThrow(ProtobufError);
    expect(read).toThrow('is cut off or broken');
  });

  it('refuses text that is not UTF-8, but takes a U+FFFD that was meant', () => {
    expect(() => reader(2, 0xc3, 0x28).text()).toThrow('holds text that is not UTF-8');
    expect(reader(3, 0xef, 0xbf, 0xbd).text()).toBe('\ufffd');
  });

  it('does not let a nested message read beyond its end', () => {
    const nested = reader(2, 10, 5, 65, 66, 67, 68, 69);
    expect(() => nested.nested(() => void (nested.tag(), nested.text()))).toThrow('is cut off or broken');
  });

  it('refuses messages inside of messages without end', () => {
    const bytes = Buffer.alloc(300, 0);
    const deep = new WireReader(bytes);
    const descend = (): void => deep.nested(descend);
    expect(descend).toThrow(ProtobufError);
  });
});
