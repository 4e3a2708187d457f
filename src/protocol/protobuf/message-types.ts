import { type MessageClass, type MessageField, wireFieldsOf } from '../messages/field.decorator.js';
import type { EnumKind, Kind } from '../messages/kind.js';
import { type Field, field, map, oneof, optional, repeated } from './field.js';
import { bool, bytes, enumOf, type FieldType, int32, string } from './field-types.js';
import { message, type MessageType } from './message.js';
import { struct, value } from './struct.js';
import { timestamp } from './times.js';

const SCALARS = { string, int32, bool, bytes, struct, value, timestamp };
const LABELLED = { oneof, optional, required: field };

/** The protobuf of messages, by the numbers of their fields. */
export class MessageTypes {
  readonly #made = new Map<MessageClass, MessageType>();

  /** `names`: of an enum, where they are not those of v1.0. */
  constructor(private readonly names: (kind: EnumKind) => readonly string[] = (kind) => kind.names) {}

  /** A message that has other fields than in v1.0. */
  set(described: MessageClass, fields: Readonly<Record<string, Field>>): MessageType {
    const type = message(fields);
    this.#made.set(described, type);
    return type;
  }

  of(described: MessageClass): MessageType {
    const made = this.#made.get(described);
    if (made) return made;
    const fields = [...wireFieldsOf(described)].sort((a, b) => a.number - b.number);
    return this.set(described, Object.fromEntries(fields.map((each) => [each.name, this.#field(each)])));
  }

  #field({ number, kind, presence }: MessageField & { readonly number: number }): Field {
    if (kind.type === 'list') return repeated(number, this.#type(kind.of));
    if (kind.type === 'map') return map(number, this.#type(kind.of));
    return (presence === undefined ? field : LABELLED[presence])(number, this.#type(kind));
  }

  #type(kind: Kind): FieldType {
    if (kind.type === 'message') return this.of(kind.of);
    if (kind.type === 'enum') return enumOf(...this.names(kind));
    if (kind.type === 'list' || kind.type === 'map') throw new Error(`Protobuf has no ${kind.type} within another.`);
    return SCALARS[kind.type];
  }
}
