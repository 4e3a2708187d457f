import { decoratorsOf } from '../validation/kind.decorators.js';
import type { Kind } from './kind.js';

/** A class whose fields describe a message; nothing makes instances of it but class-validator's users. */
export type MessageClass = new () => object;

/**
 * `required`: a request without it is refused, and it is always sent. `optional`: set to its default is not the same as unset.
 * `oneof`: one of those that are so labelled is set. Without a label the default is as good as unset.
 */
export type Presence = 'required' | 'optional' | 'oneof';

export interface MessageField {
  readonly name: string;
  /** In a2a.proto of v1.0. Undefined: not on that wire. */
  readonly number: number | undefined;
  readonly kind: Kind;
  readonly presence: Presence | undefined;
  /** For the readers of the documentation. */
  readonly description: string | undefined;
}

const described = new Map<object, MessageField[]>();

/**
 * Describes a field of a message: from this come its class-validator rules, ProtoJSON, protobuf, OpenAPI and what clients check.
 */
export function Field(number: number, kind: Kind, presence?: Presence, description?: string): PropertyDecorator {
  return add({ number, kind, presence, description });
}

/** A field that messages of v1.0 do not have: what v0.3 clients gave, for them to read again. */
export const OffWire = (kind: Kind): PropertyDecorator =>
  add({ number: undefined, kind, presence: undefined, description: undefined });

function add(field: Omit<MessageField, 'name'>): PropertyDecorator {
  return (prototype, key) => {
    const name = String(key);
    described.set(prototype, [...(described.get(prototype) ?? []), { ...field, name }]);
    for (const decorate of decoratorsOf(field.kind, field.presence === 'required')) decorate(prototype, key);
  };
}

/** The fields of a message, those of the class that it extends first. */
export function fieldsOf(message: MessageClass): readonly MessageField[] {
  const chain: object[] = [];
  for (let at = message.prototype as object; at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
    chain.unshift(at);
  return chain.flatMap((prototype) => described.get(prototype) ?? []);
}

/** The fields that v1.0 has on the wire. */
export const wireFieldsOf = (message: MessageClass): readonly (MessageField & { readonly number: number })[] =>
  fieldsOf(message).filter((field): field is MessageField & { readonly number: number } => field.number !== undefined);
