import { isObject } from '../../common/is-object.js';
import { TASK_STATES } from '../../protocol/state/task-state.js';
import { type Fields, setFields } from './set-fields.js';

/** What an executor for the SDK 1.x publishes, in canonical form. It never throws: what has the wrong type is passed on as it is. */
export type FromSdk = (value: unknown) => unknown;

const onObjects =
  (convert: (value: Fields) => unknown): FromSdk =>
  (value) =>
    isObject(value) ? convert(value) : value;

const listOf =
  (convert: FromSdk): FromSdk =>
  (value) =>
    Array.isArray(value) ? value.map(convert) : value;

/** The member `name`, converted, if it is there. */
const member = (from: Fields, name: string, convert: FromSdk): Fields =>
  from[name] === undefined || from[name] === null ? {} : { [name]: convert(from[name]) };

const base64 = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
    : value;

function contentOf(content: unknown): Fields {
  if (!isObject(content) || typeof content.$case !== 'string') return {};
  const { $case: name, value } = content;
  return { [name]: name === 'raw' ? base64(value) : (value ?? null) };
}

const partFromSdk = onObjects((part) => ({
  ...contentOf(part.content),
  ...setFields(part, 'metadata', 'filename', 'mediaType'),
}));

const stateFromSdk = (state: unknown): unknown =>
  typeof state === 'number' ? (TASK_STATES[state - 1] ?? 'TASK_STATE_UNSPECIFIED') : state;

export const messageFromSdk = onObjects((message) => ({
  ...setFields(message, 'messageId', 'contextId', 'taskId', 'metadata', 'extensions', 'referenceTaskIds'),
  role: message.role === 1 ? 'ROLE_USER' : 'ROLE_AGENT',
  parts: listOf(partFromSdk)(message.parts),
}));

const statusFromSdk = onObjects((status) => ({
  state: stateFromSdk(status.state),
  ...setFields(status, 'timestamp'),
  ...member(status, 'message', messageFromSdk),
}));

const artifactFromSdk = onObjects((artifact) => ({
  ...setFields(artifact, 'artifactId', 'name', 'description', 'metadata', 'extensions'),
  parts: listOf(partFromSdk)(artifact.parts),
}));

export const taskFromSdk = onObjects((task) => ({
  ...setFields(task, 'id', 'contextId', 'metadata'),
  status: statusFromSdk(task.status),
  ...member(task, 'artifacts', listOf(artifactFromSdk)),
  ...member(task, 'history', listOf(messageFromSdk)),
}));

export const statusUpdateFromSdk = onObjects((update) => ({
  ...setFields(update, 'taskId', 'contextId', 'metadata'),
  status: statusFromSdk(update.status),
}));

export const artifactUpdateFromSdk = onObjects((update) => ({
  ...setFields(update, 'taskId', 'contextId', 'append', 'lastChunk', 'metadata'),
  artifact: artifactFromSdk(update.artifact),
}));
