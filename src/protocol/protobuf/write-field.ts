import type { Field } from './field.js';
import type { WireWriter } from './wire.writer.js';

type Written = Pick<Field, 'number' | 'type'>;

const KEY = 1;
const VALUE = 2;

/** One occurrence of a field. */
export function writeField(writer: WireWriter, { number, type }: Written, value: unknown): void {
  const before = writer.length;
  type.write(writer, value);
  if (type.wire === 2) writer.delimited(number, before);
  else writer.tag(number, type.wire);
}

export function writeList(writer: WireWriter, field: Written, list: readonly unknown[]): void {
  for (let i = list.length - 1; i >= 0; i--) writeField(writer, field, list[i]);
}

/** A map is a list of messages with a key and a value. */
export function writeMap(
  writer: WireWriter,
  { number, type }: Written,
  entries: Readonly<Record<string, unknown>>,
): void {
  for (const [key, value] of Object.entries(entries).reverse()) {
    const entry = writer.length;
    writeField(writer, { number: VALUE, type }, value);
    const before = writer.length;
    writer.text(key);
    writer.delimited(KEY, before);
    writer.delimited(number, entry);
  }
}
