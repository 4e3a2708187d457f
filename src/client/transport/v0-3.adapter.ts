import { isObject } from '../../common/is-object.js';
import type { SendMessageRequest } from '../../protocol/model/index.js';
import {
  messageFromV03,
  messageToV03,
  streamResponseFromV03,
  taskFromV03,
  taskPushConfigToV03,
  v03Codec,
} from '../../protocol/v0-3/index.js';
import { checkAgentCard } from '../card/agent-card.check.js';
import { checkAnswer } from './answer.check.js';
import { configurationToV03 } from './v0-3.configuration.js';
import { adapterOf, type Forms } from './version-adapter.interface.js';

const send = ({ message, configuration = {}, metadata }: SendMessageRequest): object => ({
  message: messageToV03(message),
  configuration: configurationToV03(configuration, 'pushNotificationConfig'),
  ...(metadata && { metadata }),
});

/** Told apart by `kind`, which some servers leave out where the method settles it. */
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

/** v0.3 over JSON-RPC. It has no tenants. */
export const v03Forms = {
  encode: {
    SendMessageRequest: send,
    GetTaskRequest: ({ id, historyLength }) => ({ id, ...(historyLength !== undefined && { historyLength }) }),
    ListTasksRequest: (request) => request,
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
    // Over JSON-RPC there is no such method.
    ListTasksResponse: (answer) => checkAnswer('ListTasksResponse', answer),
    TaskPushNotificationConfig: pushConfig,
    ListTaskPushNotificationConfigsResponse: (answer) =>
      checkAnswer('ListTaskPushNotificationConfigsResponse', {
        configs: Array.isArray(answer) ? answer.map(pushConfig) : answer,
      }),
    AgentCard: (answer) => checkAgentCard(answer),
    Empty: () => undefined,
  },
} satisfies Forms;

export const v03Adapter = adapterOf('0.3', v03Forms);
