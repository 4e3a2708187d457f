import { type Field, tagOf } from './field.js';
import type { FieldType } from './field-types.js';
import { setOwn } from './set-own.js';
import { value as jsonValue } from './struct.js';
import { WireReader } from './wire.reader.js';
import { WireWriter } from './wire.writer.js';
import { writeField, writeList, writeMap } from './write-field.js';

type JsonRecord = Record<string, unknown>;
type Member = Field & { readonly name: string };

/** A message type: its fields by their ProtoJSON names, in the order of their numbers. */
export const message = (fields: Readonly<Record<string, Field>>): MessageType => new MessageType(fields);

/**
 * Turns ProtoJSON into the bytes of a message, and bytes into ProtoJSON: enums by name, `bytes` in base64, unset fields
 * absent. Members that the type does not know are left out, in both directions.
 */
export class MessageType implements FieldType {
  readonly wire = 2;
  readonly #members: readonly Member[];
  readonly #byTag: ReadonlyMap<number, Member>;
  readonly #choices: readonly string[];

  constructor(fields: Readonly<Record<string, Field>>) {
    this.#members = Object.entries(fields).map(([name, field]) => ({ name, ...field }));
    this.#byTag = new Map(this.#members.map((member) => [tagOf(member), member]));
    this.#choices = this.#members.filter(({ label }) => label === 'oneof').map(({ name }) => name);
  }

  encode(object: object): Buffer {
    const writer = new WireWriter();
    this.write(writer, object);
    return writer.finish();
  }

  /** Throws ProtobufError; also for more fields than `maxFields`, inner messages included, of which the rest is not read. */
  decode(bytes: Buffer, maxFields?: number): JsonRecord {
    const object: JsonRecord = {};
    this.#readFields(new WireReader(bytes, maxFields), object);
    return object;
  }

  write(writer: WireWriter, object: unknown): void {
    for (let i = this.#members.length - 1; i >= 0; i--) {
      const member = this.#members[i]!;
      writeMember(writer, member, (object as JsonRecord)[member.name]);
    }
  }

  read(reader: WireReader, before?: unknown): JsonRecord {
    const object = (before ?? {}) as JsonRecord;
    reader.nested(() => this.#readFields(reader, object));
    return object;
  }

  #readFields(reader: WireReader, object: JsonRecord): void {
    while (!reader.done) {
      const tag = reader.tag();
      const member = this.#byTag.get(tag);
      if (member === undefined) reader.skip(tag & 7);
      else this.#readMember(reader, object, member);
    }
  }

  #readMember(reader: WireReader, object: JsonRecord, { name, type, label }: Member): void {
    if (label === 'map') return readEntry(reader, (object[name] ??= {}) as JsonRecord, type);
    if (label === 'repeated') return void ((object[name] ??= []) as unknown[]).push(type.read(reader));
    const value = type.read(reader, object[name]);
    if (label === 'implicit' && type.isDefault?.(value)) return void delete object[name];
    // The last of several counts.
    if (label === 'oneof') for (const other of this.#choices) if (other !== name) delete object[other];
    object[name] = value;
  }
}

function writeMember(writer: WireWriter, { number, type, label }: Member, value: unknown): void {
  if (value === undefined || (value === null && type !== jsonValue) || type.refuses?.(value)) return;
  if (label === 'repeated') writeList(writer, { number, type }, value as unknown[]);
  else if (label === 'map') writeMap(writer, { number, type }, value as JsonRecord);
  else if (label !== 'implicit' || !type.isDefault?.(value)) writeField(writer, { number, type }, value);
}

/** One entry of a map: key in field 1, value in field 2. */
function readEntry(reader: WireReader, entries: JsonRecord, type: FieldType): void {
  let key = '';
  let value: unknown;
  reader.nested(() => {
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 10) key = reader.text();
      else if (tag === 16 + type.wire) value = type.read(reader, value);
      else reader.skip(tag & 7);
    }
  });
  setOwn(entries, key, value ?? (type instanceof MessageType ? {} : ''));
}
