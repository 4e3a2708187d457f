import { type WireType } from './wire.js';

const SCRATCH_BYTES = 64 * 1024;
const SHORT = 48;

/** Shared by all messages: encoding one is synchronous and copies out what it made. */
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/**
 * Writes a message from its end to its beginning: when the length of a nested message is to be written, the message itself is
 * there already. So what comes last is written first: content, then its length, then its tag.
 */
export class WireWriter {
  #buffer = scratch;
  #at = SCRATCH_BYTES;

  /** Bytes written so far. */
  get length(): number {
    return this.#buffer.length - this.#at;
  }

  /** What was written, in memory of its own. */
  finish(): Buffer {
    const written = this.#buffer.subarray(this.#at);
    return this.#buffer === scratch ? Buffer.from(written) : written;
  }

  tag(field: number, type: WireType): void {
    this.varint(field * 8 + type);
  }

  /** A tag, and the length of what was written since the writer had `before` bytes. */
  delimited(field: number, before: number): void {
    this.varint(this.length - before);
    this.tag(field, 2);
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    if (value < 128) {
      const at = this.#reserve(1);
      this.#buffer[at] = value;
      return;
    }
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
    let at = this.#reserve(size);
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#buffer[at++] = (rest % 128) + 128;
    this.#buffer[at] = rest;
  }

  /** int32 and int64: a negative number takes ten bytes. */
  signed(value: number): void {
    if (value >= 0) return this.varint(value);
    let rest = BigInt.asUintN(64, BigInt(value));
    const at = this.#reserve(10);
    for (let i = 0; i < 10; i++, rest >>= 7n) this.#buffer[at + i] = Number(rest & 127n) + (i < 9 ? 128 : 0);
  }

  double(value: number): void {
    const at = this.#reserve(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  /** UTF-8; halves of surrogate pairs become U+FFFD. */
  text(value: string): void {
    if (value.length <= SHORT && this.#ascii(value)) return;
    const size = Buffer.byteLength(value);
    const at = this.#reserve(size);
    this.#buffer.write(value, at, size);
  }

  bytes(value: Uint8Array): void {
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
  }

  /** Short texts, of which messages are full, are quicker written here than by the runtime; false: it is not ASCII. */
  #ascii(value: string): boolean {
    const at = this.#reserve(value.length);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        this.#at += value.length;
        return false;
      }
      this.#buffer[at + i] = code;
    }
    return true;
  }

  /** Makes room and gives its place. */
  #reserve(size: number): number {
    if (size > this.#at) this.#grow(size);
    this.#at -= size;
    return this.#at;
  }

  #grow(size: number): void {
    const { length } = this;
    const bigger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, length + size));
    this.#buffer.copy(bigger, bigger.length - length, this.#at);
    this.#buffer = bigger;
    this.#at = bigger.length - length;
  }
}
