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
import { A2AClientUnsupportedError } from '../errors/client.errors.js';
import {
  checkListPushConfigs,
  checkPushConfig,
  checkSendMessageResponse,
  checkStreamResponse,
  checkTask,
} from './answer.check.js';
import { configurationToV03 } from './v0-3.configuration.js';
import type { VersionAdapter } from './version-adapter.interface.js';

const noListing = (): never => {
  throw new A2AClientUnsupportedError('The agent is spoken to over JSON-RPC in v0.3, which has no ListTasks.');
};

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

const event = (answer: unknown) => checkStreamResponse(streamResponseFromV03(answer) ?? {});
const task = (answer: unknown) => checkTask(taskFromV03(answer));
const pushConfig = (answer: unknown) =>
  checkPushConfig(v03Codec.decode('CreateTaskPushNotificationConfig', answer).value);

/** v0.3 over JSON-RPC. It has no tenants. */
export const v03Adapter: VersionAdapter = {
  version: '0.3',
  encode: {
    SendMessage: send,
    SendStreamingMessage: send,
    GetTask: ({ id, historyLength }) => ({ id, ...(historyLength !== undefined && { historyLength }) }),
    ListTasks: noListing,
    CancelTask: ({ id, metadata }) => ({ id, ...(metadata && { metadata }) }),
    SubscribeToTask: ({ id }) => ({ id }),
    CreateTaskPushNotificationConfig: taskPushConfigToV03,
    GetTaskPushNotificationConfig: ({ taskId, id }) => ({ id: taskId, pushNotificationConfigId: id }),
    ListTaskPushNotificationConfigs: ({ taskId }) => ({ id: taskId }),
    DeleteTaskPushNotificationConfig: ({ taskId, id }) => ({ id: taskId, pushNotificationConfigId: id }),
    GetExtendedAgentCard: () => ({}),
  },
  decode: {
    SendMessage: (answer) => checkSendMessageResponse(sent(answer)),
    SendStreamingMessage: event,
    GetTask: task,
    ListTasks: noListing,
    CancelTask: task,
    SubscribeToTask: event,
    CreateTaskPushNotificationConfig: pushConfig,
    GetTaskPushNotificationConfig: pushConfig,
    ListTaskPushNotificationConfigs: (answer) =>
      checkListPushConfigs({ configs: Array.isArray(answer) ? answer.map(pushConfig) : answer }),
    DeleteTaskPushNotificationConfig: () => undefined,
    GetExtendedAgentCard: (answer) => checkAgentCard(answer),
  },
};
