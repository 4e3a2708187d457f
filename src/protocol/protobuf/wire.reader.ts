import { isUtf8 } from 'node:buffer';
import { MAX_DEPTH, ProtobufError } from './wire.js';

const LOW = 2 ** 28;

/** Reads a message, and the ones inside it within their bounds. Throws ProtobufError for what is none. */
export class WireReader {
  #at = 0;
  #end: number;
  #depth = 0;
  /** The last varint: 28 lower bits and up to 42 higher ones. */
  #low = 0;
  #high = 0;

  /** Fields that were read. */
  #fields = 0;

  /** `maxFields`: how many it reads, inner messages included, before it throws. */
  constructor(
    private readonly buffer: Buffer,
    private readonly maxFields = Infinity,
  ) {
    this.#end = buffer.length;
  }

  /** Nothing is left of the message that is being read. */
  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** Field number times 8, plus wire type. `counted: false`: one that is no more than part of the value that it is in. */
  tag(counted = true): number {
    if (counted && ++this.#fields > this.maxFields) throw new ProtobufError(`holds more than ${this.maxFields} fields`);
    const tag = this.#uint();
    if (tag < 8 || tag > 0xffffffff) throw malformed();
    return tag;
  }

  int32(): number {
    this.#varint();
    return (this.#low + (this.#high % 16) * LOW) | 0;
  }

  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  int64(): bigint {
    this.#varint();
    return BigInt.asIntN(64, BigInt(this.#high) * BigInt(LOW) + BigInt(this.#low));
  }

  double(): number {
    return this.buffer.readDoubleLE(this.#take(8));
  }

  text(): string {
    const [from, to] = this.#delimited();
    const text = this.buffer.toString('utf8', from, to);
    if (text.includes('\uFFFD') && !isUtf8(this.buffer.subarray(from, to)))
      throw new ProtobufError('holds text that is not UTF-8');
    return text;
  }

  /** The bytes themselves, not a copy. */
  bytes(): Buffer {
    return this.buffer.subarray(...this.#delimited());
  }

  /** Runs `read` on a message inside this one, which is at its length. */
  nested(read: () => void): void {
    const [from, to] = this.#delimited();
    const end = this.#end;
    if (++this.#depth > MAX_DEPTH) throw new ProtobufError(`is nested deeper than ${MAX_DEPTH} levels`);
    this.#at = from;
    this.#end = to;
    read();
    this.#depth--;
    this.#end = end;
  }

  /** Passes over a field that is not known. */
  skip(type: number): void {
    if (type === 0) this.#varint();
    else if (type === 1) this.#take(8);
    else if (type === 2) this.#delimited();
    else if (type === 5) this.#take(4);
    // Groups have gone with proto2; nothing that speaks this protocol sends them.
    else throw malformed();
  }

  #delimited(): [from: number, to: number] {
    const size = this.#uint();
    const from = this.#take(size);
    return [from, from + size];
  }

  #take(size: number): number {
    const from = this.#at;
    if (size > this.#end - from) throw malformed();
    this.#at = from + size;
    return from;
  }

  #uint(): number {
    this.#varint();
    return this.#high * LOW + this.#low;
  }

  #varint(): void {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 127) << shift;
      if (byte < 128) {
        this.#low = low;
        this.#high = 0;
        return;
      }
    }
    let high = 0;
    for (let scale = 1; scale < 2 ** 42; scale *= 128) {
      const byte = this.#byte();
      high += (byte & 127) * scale;
      if (byte < 128) {
        this.#low = low;
        this.#high = high;
        return;
      }
    }
    throw malformed();
  }

  #byte(): number {
    if (this.#at >= this.#end) throw malformed();
    return this.buffer[this.#at++]!;
  }
}

const malformed = (): ProtobufError => new ProtobufError('is cut off or broken');
