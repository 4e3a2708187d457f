import { isObject } from '../../common/is-object.js';
import { JsonDecoder } from '../decoding/json-decoder.js';
import { asIs, type Decode } from '../decoding/shape.js';
import { taskState } from '../messages/kinds.js';
import { MESSAGES } from '../messages/messages.js';
import type { Message, StreamResponse, Task } from '../model/index.js';
import { V10_ROLES, V10_STATES } from './names.table.js';
import { partFromV03 } from './part.from-v0-3.js';
import { decodeV03PushConfig } from './push-config.js';
import { utcTimestamp } from './timestamp.js';

/** JSON-RPC says `pushNotificationConfig`, the v0.3 proto `pushNotification`. */
export const PUSH_CONFIG_NAMES = ['pushNotificationConfig', 'pushNotification'] as const;

export const inUtc: Decode = (value) => (typeof value === 'string' ? utcTimestamp(value) : value);
/** `blocking` left out leaves `returnImmediately` out: what that means for a v0.3 client is a setting of the transport. */
export const notBlocking = {
  from: ['blocking'],
  decode: (value: unknown) => (typeof value === 'boolean' ? !value : value),
};

/** v0.3 over JSON-RPC has no tenant, and of the leniencies of ProtoJSON none but null for unset. */
export const v03Decoder = new JsonDecoder({
  snakeCase: false,
  enums: ({ names }) => (names === taskState.names ? V10_STATES : V10_ROLES),
  scalars: { int32: asIs },
  messages: [
    [MESSAGES.Part, partFromV03],
    [MESSAGES.TaskPushNotificationConfig, decodeV03PushConfig],
  ],
  fields: [
    [MESSAGES.TaskStatus, { timestamp: { decode: inUtc } }],
    [
      MESSAGES.SendMessageConfiguration,
      { taskPushNotificationConfig: { from: PUSH_CONFIG_NAMES }, returnImmediately: notBlocking },
    ],
  ],
  without: new Set(['tenant']),
});

/**
 * What a v0.3 peer sends, in canonical form. The types say what a peer that keeps to the protocol sends: what has the
 * wrong type is passed on as it is, the state `unknown` becomes `TASK_STATE_UNSPECIFIED`. They never throw.
 */
export const taskFromV03 = v03Decoder.of(MESSAGES.Task) as (value: unknown) => Task;
export const messageFromV03 = v03Decoder.of(MESSAGES.Message) as (value: unknown) => Message;

const MEMBERS: Readonly<Record<string, readonly [member: string, decode: Decode]>> = {
  task: ['task', taskFromV03],
  message: ['message', messageFromV03],
  'status-update': ['statusUpdate', v03Decoder.of(MESSAGES.TaskStatusUpdateEvent)],
  'artifact-update': ['artifactUpdate', v03Decoder.of(MESSAGES.TaskArtifactUpdateEvent)],
};

/** Told apart by `kind`; undefined when that is none of the four. */
export function streamResponseFromV03(value: unknown): StreamResponse | undefined {
  const kind = isObject(value) ? value.kind : undefined;
  if (typeof kind !== 'string' || !Object.hasOwn(MEMBERS, kind)) return undefined;
  const [member, decode] = MEMBERS[kind]!;
  return { [member]: decode(value) } as unknown as StreamResponse;
}
