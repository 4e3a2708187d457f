import type { FieldType } from './field-types.js';
import type { WireReader } from './wire.reader.js';
import type { WireWriter } from './wire.writer.js';

/** What `google.protobuf.Timestamp` can hold: the years 1 to 9999. */
const FIRST_SECOND = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;
const NANOS = 1_000_000_000;

/** RFC 3339 in JSON, in UTC with 3, 6 or 9 digits of a second. A text that is no time is not written. */
export const timestamp: FieldType = {
  wire: 2,
  write(writer, value) {
    const text = String(value);
    const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? '';
    writeSeconds(writer, Math.floor(Date.parse(text) / 1000), Number(fraction.padEnd(9, '0')));
  },
  read(reader) {
    const { seconds, nanos } = readSeconds(reader);
    // Text that is no time, for validation to refuse.
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos >= NANOS)
      return `${seconds} seconds and ${nanos} nanoseconds`;
    return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${digits(nanos)}Z`;
  },
  refuses: (value) => Number.isNaN(Date.parse(String(value))),
};

/** Seconds in JSON: `1.5s`. */
export const duration: FieldType = {
  wire: 2,
  write(writer, value) {
    const seconds = Number.parseFloat(String(value));
    const whole = Math.trunc(seconds);
    writeSeconds(writer, whole, Math.round((seconds - whole) * NANOS));
  },
  read(reader) {
    const { seconds, nanos } = readSeconds(reader);
    return `${Number(seconds) + nanos / NANOS}s`;
  },
};

/** As few digits as hold it, of 3, 6 and 9. */
function digits(nanos: number): string {
  const all = String(nanos).padStart(9, '0');
  if (all.endsWith('000000')) return all.slice(0, 3);
  return all.endsWith('000') ? all.slice(0, 6) : all;
}

function writeSeconds(writer: WireWriter, seconds: number, nanos: number): void {
  if (nanos !== 0) {
    writer.signed(nanos);
    writer.tag(2, 0);
  }
  if (seconds !== 0) {
    writer.signed(seconds);
    writer.tag(1, 0);
  }
}

function readSeconds(reader: WireReader): { seconds: bigint; nanos: number } {
  let seconds = 0n;
  let nanos = 0;
  reader.nested(() => {
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 8) seconds = reader.int64();
      else if (tag === 16) nanos = reader.int32();
      else reader.skip(tag & 7);
    }
  });
  return { seconds, nanos };
}
