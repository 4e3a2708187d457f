import { type MessageClass, type MessageField, wireFieldsOf } from '../protocol/messages/field.decorator.js';
import type { EnumKind, Kind } from '../protocol/messages/kind.js';
import { taskState } from '../protocol/messages/kinds.js';
import { anyObject, flag, list, ref, text, type Schema } from './schema.js';

const INT32_MAX = 2_147_483_647;

/** How a version shows its messages. */
export interface SchemaForm {
  /** Messages that have a schema of their own. */
  readonly names: ReadonlyMap<MessageClass, string>;
  /** The values of an enum. */
  readonly values: (kind: EnumKind) => Schema;
  /** Members that a message has besides, which are required. */
  readonly more?: readonly (readonly [MessageClass, Readonly<Record<string, Schema>>])[];
}

/** JSON Schemas of messages. */
export class MessageSchemas {
  constructor(private readonly form: SchemaForm) {}

  of(message: MessageClass): Schema {
    const fields = wireFieldsOf(message);
    const more = new Map(this.form.more).get(message) ?? {};
    const required = fields.filter(({ presence }) => presence === 'required').map(({ name }) => name);
    const allRequired = [...Object.keys(more), ...required];
    const choices = fields.filter(({ presence }) => presence === 'oneof');
    return {
      type: 'object',
      properties: { ...more, ...Object.fromEntries(fields.map((field) => [field.name, this.#field(field)])) },
      ...(allRequired.length > 0 && { required: allRequired }),
      ...(choices.length > 0 && { oneOf: choices.map(({ name }) => ({ required: [name] })) }),
    };
  }

  #field({ kind, description = limitOf(kind) }: MessageField): Schema {
    return { ...this.#kind(kind), ...(description !== undefined && { description }) };
  }

  #kind(kind: Kind): Schema {
    switch (kind.type) {
      case 'string':
        return text();
      case 'bytes':
        return { type: 'string', contentEncoding: 'base64' };
      case 'timestamp':
        return { type: 'string', format: 'date-time' };
      case 'bool':
        return flag;
      case 'int32':
        return {
          type: 'integer',
          minimum: kind.min,
          ...(kind.max < INT32_MAX && { maximum: kind.max }),
          ...(kind.standard !== undefined && { default: kind.standard }),
        };
      case 'enum':
        return this.form.values(kind);
      case 'list':
        return { ...list(this.#kind(kind.of)), ...(kind.min && { minItems: kind.min }) };
      case 'map':
        return { type: 'object', additionalProperties: this.#kind(kind.of) };
      case 'message':
        return this.form.names.has(kind.of) ? ref(this.form.names.get(kind.of)!) : this.of(kind.of);
      case 'struct':
        return anyObject;
      case 'value':
        return {};
    }
  }
}

export const isTaskState = ({ names }: EnumKind): boolean => names === taskState.names;

const limitOf = (kind: Kind): string | undefined =>
  kind.type === 'string' && kind.max !== undefined ? `At most ${kind.max} bytes.` : undefined;
