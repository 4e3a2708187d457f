import type { FieldType } from './field-types.js';
import { setOwn } from './set-own.js';
import type { WireReader } from './wire.reader.js';
import type { WireWriter } from './wire.writer.js';

type JsonRecord = Record<string, unknown>;

/** `google.protobuf.Value`: any JSON value, null included. */
export const value: FieldType = { wire: 2, write: writeValue, read: readValue };

/** `google.protobuf.Struct`: a JSON object. */
export const struct: FieldType = {
  wire: 2,
  write: (writer, value) => writeStruct(writer, value as JsonRecord),
  read: (reader, before) => readStruct(reader, (before ?? {}) as JsonRecord),
};

const NULL = 8; // Tags of Value: field number times 8, plus wire type.
const NUMBER = 17;
const STRING = 26;
const BOOL = 32;
const STRUCT = 42;
const LIST = 50;
const FIRST_FIELD = 10; // A text or message in field 1: keys of entries, entries of Struct, values of ListValue.
const ENTRY_VALUE = 18;

function writeValue(writer: WireWriter, value: unknown): void {
  const before = writer.length;
  if (typeof value === 'string') {
    writer.text(value);
    writer.delimited(3, before);
  } else if (typeof value === 'number') {
    writer.double(value);
    writer.tag(2, 1);
  } else if (typeof value === 'boolean') {
    writer.varint(value ? 1 : 0);
    writer.tag(4, 0);
  } else if (typeof value !== 'object' || value === null) {
    writer.varint(0);
    writer.tag(1, 0);
  } else if (Array.isArray(value)) {
    writeList(writer, value);
    writer.delimited(6, before);
  } else {
    writeStruct(writer, value as JsonRecord);
    writer.delimited(5, before);
  }
}

function writeList(writer: WireWriter, list: readonly unknown[]): void {
  for (let i = list.length - 1; i >= 0; i--) {
    const before = writer.length;
    writeValue(writer, list[i]);
    writer.delimited(1, before);
  }
}

function writeStruct(writer: WireWriter, object: JsonRecord): void {
  const keys = Object.keys(object);
  for (let i = keys.length - 1; i >= 0; i--) {
    const key = keys[i]!;
    if (object[key] === undefined) continue;
    const entry = writer.length;
    writeValue(writer, object[key]);
    writer.delimited(2, entry);
    const before = writer.length;
    writer.text(key);
    writer.delimited(1, before);
    writer.delimited(1, entry);
  }
}

/** A Value that says nothing is null. */
function readValue(reader: WireReader): unknown {
  let value: unknown = null;
  let first = true;
  reader.nested(() => {
    while (!reader.done) {
      // The value itself was counted: it has one field, or is not well made.
      const tag = reader.tag(!first);
      first = false;
      if (tag === STRING) value = reader.text();
      // -0 is not in JSON.
      else if (tag === NUMBER) value = reader.double() + 0;
      else if (tag === BOOL) value = reader.bool();
      else if (tag === STRUCT) value = readStruct(reader, {});
      else if (tag === LIST) value = readList(reader);
      else {
        if (tag === NULL) value = null;
        reader.skip(tag & 7);
      }
    }
  });
  return value;
}

function readList(reader: WireReader): unknown[] {
  const list: unknown[] = [];
  reader.nested(() => {
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === FIRST_FIELD) list.push(readValue(reader));
      else reader.skip(tag & 7);
    }
  });
  return list;
}

function readStruct(reader: WireReader, object: JsonRecord): JsonRecord {
  reader.nested(() => {
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === FIRST_FIELD) readEntry(reader, object);
      else reader.skip(tag & 7);
    }
  });
  return object;
}

function readEntry(reader: WireReader, object: JsonRecord): void {
  let key = '';
  let value: unknown = null;
  reader.nested(() => {
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === FIRST_FIELD) key = reader.text();
      else if (tag === ENTRY_VALUE) value = readValue(reader);
      else reader.skip(tag & 7);
    }
  });
  setOwn(object, key, value);
}
