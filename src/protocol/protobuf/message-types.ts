import type { MessageClass, MessageField } from '../messages/field.decorator.js';
import { wireFieldsOf } from '../messages/field.decorator.js';
import type { Kind } from '../messages/kind.js';
import { type Field, field, map, oneof, optional, repeated } from './field.js';
import { bool, bytes, enumOf, type FieldType, int32, string } from './field-types.js';
import { message, type MessageType } from './message.js';
import { struct, value } from './struct.js';
import { timestamp } from './times.js';

const SCALARS = { string, int32, bool, bytes, struct, value, timestamp };
const LABELLED = { oneof, optional, required: field };

const made = new Map<MessageClass, MessageType>();

/** The protobuf of a message, by the numbers of its fields. */
export function protobufOf(described: MessageClass): MessageType {
  const known = made.get(described);
  if (known) return known;
  const fields = [...wireFieldsOf(described)].sort((a, b) => a.number - b.number);
  const type = message(Object.fromEntries(fields.map((each) => [each.name, fieldOf(each)])));
  made.set(described, type);
  return type;
}

function fieldOf({ number, kind, presence }: MessageField & { readonly number: number }): Field {
  if (kind.type === 'list') return repeated(number, typeOf(kind.of));
  if (kind.type === 'map') return map(number, typeOf(kind.of));
  return (presence === undefined ? field : LABELLED[presence])(number, typeOf(kind));
}

function typeOf(kind: Kind): FieldType {
  if (kind.type === 'message') return protobufOf(kind.of);
  if (kind.type === 'enum') return enumOf(...kind.names);
  if (kind.type === 'list' || kind.type === 'map') throw new Error(`Protobuf has no ${kind.type} within another.`);
  return SCALARS[kind.type];
}
