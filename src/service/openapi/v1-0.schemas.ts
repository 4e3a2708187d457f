import {
  fieldsOf,
  type MessageClass,
  type MessageField,
  wireFieldsOf,
} from '../../protocol/messages/field.decorator.js';
import type { Kind } from '../../protocol/messages/kind.js';
import { taskState } from '../../protocol/messages/kinds.js';
import { MESSAGES } from '../../protocol/messages/messages.js';
import { anyObject, flag, list, ref, text, type Schema } from './schema.js';

const INT32_MAX = 2_147_483_647;

/** A request to create a config is a config. */
export const schemaNameOf = (message: string): string =>
  message === 'CreateTaskPushNotificationConfigRequest' ? 'TaskPushNotificationConfig' : message;

const named = Object.entries(MESSAGES).filter(([name]) => name === schemaNameOf(name)) as [string, MessageClass][];
const names = new Map(named.map(([name, message]) => [message, name]));

/** The messages of protocol v1.0. */
export const v10Schemas: Readonly<Record<string, Schema>> = {
  TaskState: { type: 'string', enum: taskState.names.slice(1) },
  ...Object.fromEntries(named.map(([name, message]) => [name, messageSchema(message)])),
};

function messageSchema(message: MessageClass): Schema {
  const fields = wireFieldsOf(message);
  const required = fields.filter(({ presence }) => presence === 'required').map(({ name }) => name);
  const choices = fieldsOf(message).filter(({ presence }) => presence === 'oneof');
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
    ...(required.length > 0 && { required }),
    ...(choices.length > 0 && { oneOf: choices.map(({ name }) => ({ required: [name] })) }),
  };
}

function fieldSchema({ kind, description = limitOf(kind) }: MessageField): Schema {
  return { ...schemaOf(kind), ...(description !== undefined && { description }) };
}

function limitOf(kind: Kind): string | undefined {
  return kind.type === 'string' && kind.max !== undefined ? `At most ${kind.max} bytes.` : undefined;
}

function schemaOf(kind: Kind): Schema {
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
      return kind.names === taskState.names ? ref('TaskState') : { type: 'string', enum: kind.names.slice(1) };
    case 'list':
      return { ...list(schemaOf(kind.of)), ...(kind.min && { minItems: kind.min }) };
    case 'map':
      return { type: 'object', additionalProperties: schemaOf(kind.of) };
    case 'message':
      return names.has(kind.of) ? ref(names.get(kind.of)!) : messageSchema(kind.of);
    case 'struct':
      return anyObject;
    case 'value':
      return {};
  }
}
