import { isObject } from '../../common/is-object.js';
import type { SendMessageRequest } from '../../protocol/model/index.js';
import type { Messages, RequestMessage, ResponseMessage } from '../../protocol/operations.js';
import {
  messageFromV03,
  messageToV03,
  streamResponseFromV03,
  taskFromV03,
  taskPushConfigToV03,
  v03Codec,
} from '../../protocol/v0-3/index.js';
import { checkAnswer } from './answer.check.js';
import { configurationToV03 } from './v0-3.configuration.js';
import { v10Adapter } from './v1-0.adapter.js';
import type { VersionAdapter } from './version-adapter.interface.js';

const send = ({ message, configuration = {}, metadata }: SendMessageRequest): object => ({
  message: messageToV03(message),
  configuration: configurationToV03(configuration, 'pushNotificationConfig'),
  ...(metadata && { metadata }),
});

/** Distinguished by `kind`, which some servers omit where the method implies it. */
function sent(answer: unknown): unknown {
  if (!isObject(answer) || answer.kind !== undefined) return streamResponseFromV03(answer) ?? {};
  return 'status' in answer ? { task: taskFromV03(answer) } : { message: messageFromV03(answer) };
}

const pushConfig = (answer: unknown) =>
  checkAnswer('TaskPushNotificationConfig', v03Codec.decode('CreateTaskPushNotificationConfig', answer).value);

const configIds = ({ taskId, id }: { taskId: string; id: string }): object => ({
  id: taskId,
  pushNotificationConfigId: id,
});

/** How messages are written and read; those that are not listed are as in v1.0. */
interface Forms {
  readonly encode: { readonly [M in RequestMessage]?: (request: Messages[M]) => object };
  readonly decode: { readonly [M in ResponseMessage]?: (answer: unknown) => Messages[M] };
}

export const v03AdapterOf = ({ encode, decode }: Forms): VersionAdapter => ({
  version: '0.3',
  encode: (message, request) => (encode[message] as ((request: object) => object) | undefined)?.(request) ?? request,
  decode: (message, answer) => (decode[message]?.(answer) ?? v10Adapter.decode(message, answer)) as never,
});

/** v0.3 over JSON-RPC. It has no tenants. */
export const v03Forms = {
  encode: {
    SendMessageRequest: send,
    GetTaskRequest: ({ id, historyLength }) => ({ id, ...(historyLength !== undefined && { historyLength }) }),
    CancelTaskRequest: ({ id, metadata }) => ({ id, ...(metadata && { metadata }) }),
    SubscribeToTaskRequest: ({ id }) => ({ id }),
    CreateTaskPushNotificationConfigRequest: taskPushConfigToV03,
    GetTaskPushNotificationConfigRequest: configIds,
    ListTaskPushNotificationConfigsRequest: ({ taskId }) => ({ id: taskId }),
    DeleteTaskPushNotificationConfigRequest: configIds,
    GetExtendedAgentCardRequest: () => ({}),
  },
  decode: {
    SendMessageResponse: (answer) => checkAnswer('SendMessageResponse', sent(answer)),
    StreamResponse: (answer) => checkAnswer('StreamResponse', streamResponseFromV03(answer) ?? {}),
    Task: (answer) => checkAnswer('Task', taskFromV03(answer)),
    TaskPushNotificationConfig: pushConfig,
    ListTaskPushNotificationConfigsResponse: (answer) =>
      checkAnswer('ListTaskPushNotificationConfigsResponse', {
        configs: Array.isArray(answer) ? answer.map(pushConfig) : answer,
      }),
  },
} satisfies Forms;

export const v03Adapter = v03AdapterOf(v03Forms);
