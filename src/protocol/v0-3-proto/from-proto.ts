import { isObject } from '../../common/is-object.js';
import { JsonDecoder } from '../decoding/json-decoder.js';
import { taskState } from '../messages/kinds.js';
import { MESSAGES } from '../messages/messages.js';
import type { Message, StreamResponse, Task } from '../model/index.js';
import { inUtc, notBlocking } from '../v0-3/from-v0-3.js';
import { ROLES, STATES } from './names.table.js';
import { partFromProto } from './part.from-proto.js';
import { decodeProtoPushConfig } from './push-config.js';

/** Names of a message's list of parts: the proto's, and that of everything else. */
export const CONTENT_NAMES = ['content', 'parts'] as const;
/** The proto calls it `request`, its JSON `message`. */
export const MESSAGE_NAMES = ['message', 'request'] as const;
/** JSON-RPC says `pushNotificationConfig`, the v0.3 proto `pushNotification`. */
export const PUSH_CONFIG_NAMES = ['pushNotification', 'pushNotificationConfig'] as const;

/** The ProtoJSON of `a2a.v1`. `referenceTaskIds` is no field of it; who sends it means it. */
export const protoDecoder = new JsonDecoder({
  snakeCase: true,
  enums: ({ names }) => (names === taskState.names ? STATES : ROLES),
  messages: [
    [MESSAGES.Part, partFromProto],
    [MESSAGES.TaskPushNotificationConfig, decodeProtoPushConfig],
  ],
  fields: [
    [MESSAGES.Message, { parts: { from: CONTENT_NAMES } }],
    [MESSAGES.TaskStatus, { message: { from: ['message', 'update'] }, timestamp: { decode: inUtc } }],
    [MESSAGES.StreamResponse, { message: { from: ['message', 'msg'] } }],
    [MESSAGES.SendMessageRequest, { message: { from: MESSAGE_NAMES } }],
    [
      MESSAGES.SendMessageConfiguration,
      { taskPushNotificationConfig: { from: PUSH_CONFIG_NAMES }, returnImmediately: notBlocking },
    ],
    // The second is the name that the Go SDK has in its v0.3.
    [MESSAGES.ListTasksRequest, { statusTimestampAfter: { from: ['statusTimestampAfter', 'lastUpdatedAfter'] } }],
  ],
  without: new Set(['tenant']),
});

/**
 * What a v0.3 peer sends over HTTP+JSON, in canonical form. The types say what a peer that keeps to the protocol sends:
 * what has the wrong type is passed on as it is. They never throw.
 */
export const taskFromProto = protoDecoder.of(MESSAGES.Task) as (value: unknown) => Task;
export const messageFromProto = protoDecoder.of(MESSAGES.Message) as (value: unknown) => Message;

const streamResponse = protoDecoder.of(MESSAGES.StreamResponse);

/** Of a stream's event or the answer of a send; undefined when it has none of the four members. */
export function streamResponseFromProto(value: unknown): StreamResponse | undefined {
  const decoded = streamResponse(value);
  return isObject(decoded) && Object.keys(decoded).length > 0 ? (decoded as StreamResponse) : undefined;
}
