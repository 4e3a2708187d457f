import type { WireReader } from './wire.reader.js';
import type { WireType } from './wire.js';
import type { WireWriter } from './wire.writer.js';

/** How one kind of value goes between ProtoJSON and bytes. */
export interface FieldType {
  readonly wire: WireType;
  /** Without tag and length. */
  write(writer: WireWriter, value: unknown): void;
  /** From behind the tag. `before`: what an earlier occurrence of the field gave; messages are merged into it. */
  read(reader: WireReader, before?: unknown): unknown;
  /** Not written in a field without presence, and as good as not there when read in one. */
  isDefault?(value: unknown): boolean;
  /** The type cannot hold it: it is not written. */
  refuses?(value: unknown): boolean;
}

export const string: FieldType = {
  wire: 2,
  write: (writer, value) => writer.text(String(value)),
  read: (reader) => reader.text(),
  isDefault: (value) => value === '',
};

/** Base64 in JSON. */
export const bytes: FieldType = {
  wire: 2,
  write: (writer, value) => writer.bytes(Buffer.from(String(value), 'base64')),
  read: (reader) => reader.bytes().toString('base64'),
  isDefault: (value) => value === '',
};

export const bool: FieldType = {
  wire: 0,
  write: (writer, value) => writer.varint(value ? 1 : 0),
  read: (reader) => reader.bool(),
  isDefault: (value) => !value,
};

export const int32: FieldType = {
  wire: 0,
  write: (writer, value) => writer.signed(Number(value) | 0),
  read: (reader) => reader.int32(),
  isDefault: (value) => value === 0,
};

/** Names by number, from 0 on. A number without a name stays a number, for validation to refuse. */
export function enumOf(...names: readonly string[]): FieldType {
  const numbers = new Map(names.map((name, number) => [name, number]));
  const numberOf = (value: unknown): number => numbers.get(String(value)) ?? (typeof value === 'number' ? value : 0);
  return {
    wire: 0,
    write: (writer, value) => writer.signed(numberOf(value) | 0),
    read: (reader) => nameOf(reader.int32()),
    isDefault: (value) => numberOf(value) === 0,
  };
  function nameOf(number: number): string | number {
    return names[number] ?? number;
  }
}
