import { isObject } from '../../common/is-object.js';
import { asIs, enumOf, listOf, object, optionalText, type Decode } from '../decoding/shape.js';
import type { Message, StreamResponse, Task } from '../model/index.js';
import { V10_ROLES, V10_STATES } from './names.table.js';
import { partFromV03 } from './part.from-v0-3.js';
import { utcTimestamp } from './timestamp.js';

export const decodeV03Message = object({
  messageId: asIs,
  contextId: optionalText,
  taskId: optionalText,
  role: enumOf(V10_ROLES),
  parts: listOf(partFromV03),
  metadata: asIs,
  extensions: asIs,
  referenceTaskIds: asIs,
});

export const decodeV03State: Decode = enumOf(V10_STATES);

const artifact = object({
  artifactId: asIs,
  name: asIs,
  description: asIs,
  parts: listOf(partFromV03),
  metadata: asIs,
  extensions: asIs,
});

const status = object({
  state: decodeV03State,
  message: decodeV03Message,
  timestamp: (value) => (typeof value === 'string' ? utcTimestamp(value) : value),
});

const task = object({
  id: asIs,
  contextId: asIs,
  status,
  artifacts: listOf(artifact),
  history: listOf(decodeV03Message),
  metadata: asIs,
});

const statusUpdate = object({ taskId: asIs, contextId: asIs, status, metadata: asIs });

const artifactUpdate = object({
  taskId: asIs,
  contextId: asIs,
  artifact,
  append: asIs,
  lastChunk: asIs,
  metadata: asIs,
});

/**
 * What a v0.3 peer sends, in canonical form. The types say what a peer that keeps to the protocol sends: what has the
 * wrong type is passed on as it is, the state `unknown` becomes `TASK_STATE_UNSPECIFIED`. They never throw.
 */
export const taskFromV03 = (value: unknown): Task => task(value) as Task;
export const messageFromV03 = (value: unknown): Message => decodeV03Message(value) as Message;

/** Told apart by `kind`; undefined when that is none of the four. */
export function streamResponseFromV03(value: unknown): StreamResponse | undefined {
  switch (isObject(value) ? value.kind : undefined) {
    case 'task':
      return { task: taskFromV03(value) };
    case 'message':
      return { message: messageFromV03(value) };
    case 'status-update':
      return { statusUpdate: statusUpdate(value) } as StreamResponse;
    case 'artifact-update':
      return { artifactUpdate: artifactUpdate(value) } as StreamResponse;
    default:
      return undefined;
  }
}
