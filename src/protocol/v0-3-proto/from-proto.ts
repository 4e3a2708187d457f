import { isObject } from '../../common/is-object.js';
import { asIs, enumOf, field, listOf, object, optionalText, type Decode } from '../decoding/shape.js';
import type { Message, StreamResponse, Task } from '../model/index.js';
import { utcTimestamp } from '../v0-3/timestamp.js';
import { ROLES, STATES } from './names.table.js';
import { partFromProto } from './part.from-proto.js';

const message = (fields: Parameters<typeof object>[0]): Decode => object(fields, { snakeCase: true });

/** Names of a message's list of parts: the proto's, and that of everything else. */
export const CONTENT_NAMES = ['content', 'parts'] as const;

/** `referenceTaskIds` is no field of the v0.3 proto; who sends it means it. */
export const decodeProtoMessage = message({
  messageId: asIs,
  contextId: optionalText,
  taskId: optionalText,
  role: enumOf(ROLES),
  parts: field(CONTENT_NAMES, listOf(partFromProto)),
  metadata: asIs,
  extensions: asIs,
  referenceTaskIds: asIs,
});

export const decodeProtoState: Decode = enumOf(STATES);

const artifact = message({
  artifactId: asIs,
  name: asIs,
  description: asIs,
  parts: listOf(partFromProto),
  metadata: asIs,
  extensions: asIs,
});

const status = message({
  state: decodeProtoState,
  message: field(['message', 'update'], decodeProtoMessage),
  timestamp: (value) => (typeof value === 'string' ? utcTimestamp(value) : value),
});

const task = message({
  id: asIs,
  contextId: asIs,
  status,
  artifacts: listOf(artifact),
  history: listOf(decodeProtoMessage),
  metadata: asIs,
});

const streamResponse = message({
  task,
  message: field(['message', 'msg'], decodeProtoMessage),
  statusUpdate: message({ taskId: asIs, contextId: asIs, status, metadata: asIs }),
  artifactUpdate: message({
    taskId: asIs,
    contextId: asIs,
    artifact,
    append: asIs,
    lastChunk: asIs,
    metadata: asIs,
  }),
});

/**
 * What a v0.3 peer sends over HTTP+JSON, in canonical form. The types say what a peer that keeps to the protocol sends:
 * what has the wrong type is passed on as it is. They never throw.
 */
export const taskFromProto = (value: unknown): Task => task(value) as Task;
export const messageFromProto = (value: unknown): Message => decodeProtoMessage(value) as Message;

/** Of a stream's event or the answer of a send; undefined when it has none of the four members. */
export function streamResponseFromProto(value: unknown): StreamResponse | undefined {
  const decoded = streamResponse(value);
  return isObject(decoded) && Object.keys(decoded).length > 0 ? (decoded as StreamResponse) : undefined;
}
