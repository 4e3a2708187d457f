import type { MessageClass } from '../protocol/messages/field.decorator.js';
import { taskState } from '../protocol/messages/kinds.js';
import { MESSAGES } from '../protocol/messages/messages.js';
import { isTaskState, MessageSchemas } from './message.schemas.js';
import { ref, type Schema } from './schema.js';

/** A request to create a config is a config. */
export const schemaNameOf = (message: string): string =>
  message === 'CreateTaskPushNotificationConfigRequest' ? 'TaskPushNotificationConfig' : message;

const named = Object.entries(MESSAGES).filter(([name]) => name === schemaNameOf(name)) as [string, MessageClass][];

const schemas = new MessageSchemas({
  names: new Map(named.map(([name, message]) => [message, name])),
  values: (kind) => (isTaskState(kind) ? ref('TaskState') : { type: 'string', enum: kind.names.slice(1) }),
});

/** The messages of protocol v1.0. */
export const v10Schemas: Readonly<Record<string, Schema>> = {
  TaskState: { type: 'string', enum: taskState.names.slice(1) },
  ...Object.fromEntries(named.map(([name, message]) => [name, schemas.of(message)])),
};
