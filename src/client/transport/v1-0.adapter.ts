import { decodeV10 } from '../../protocol/v1-0/index.js';
import { checkAgentCard } from '../card/agent-card.check.js';
import {
  checkListPushConfigs,
  checkListTasksResponse,
  checkPushConfig,
  checkSendMessageResponse,
  checkStreamResponse,
  checkTask,
} from './answer.check.js';
import type { VersionAdapter } from './version-adapter.interface.js';

const asIs = <T extends object>(request: T): object => request;
const event = (answer: unknown) => checkStreamResponse(decodeV10.streamResponse(answer));
const task = (answer: unknown) => checkTask(decodeV10.task(answer));
const pushConfig = (answer: unknown) => checkPushConfig(decodeV10.pushConfig(answer));

/** v1.0, over JSON-RPC and over HTTP+JSON: the canonical model is its form. */
export const v10Adapter: VersionAdapter = {
  version: '1.0',
  encode: {
    SendMessage: asIs,
    SendStreamingMessage: asIs,
    GetTask: asIs,
    ListTasks: asIs,
    CancelTask: asIs,
    SubscribeToTask: asIs,
    CreateTaskPushNotificationConfig: asIs,
    GetTaskPushNotificationConfig: asIs,
    ListTaskPushNotificationConfigs: asIs,
    DeleteTaskPushNotificationConfig: asIs,
    GetExtendedAgentCard: asIs,
  },
  decode: {
    SendMessage: (answer) => checkSendMessageResponse(decodeV10.sendMessageResponse(answer)),
    SendStreamingMessage: event,
    GetTask: task,
    ListTasks: (answer) => checkListTasksResponse(decodeV10.listTasksResponse(answer)),
    CancelTask: task,
    SubscribeToTask: event,
    CreateTaskPushNotificationConfig: pushConfig,
    GetTaskPushNotificationConfig: pushConfig,
    ListTaskPushNotificationConfigs: (answer) => checkListPushConfigs(decodeV10.listPushConfigsResponse(answer)),
    DeleteTaskPushNotificationConfig: () => undefined,
    GetExtendedAgentCard: (answer) => checkAgentCard(answer),
  },
};
