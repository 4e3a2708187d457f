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

/** v1.0, over JSON-RPC and over HTTP+JSON: the canonical model is its form. */
export const v10Adapter: VersionAdapter = {
  version: '1.0',
  encode: {
    SendMessageRequest: asIs,
    GetTaskRequest: asIs,
    ListTasksRequest: asIs,
    CancelTaskRequest: asIs,
    SubscribeToTaskRequest: asIs,
    CreateTaskPushNotificationConfigRequest: asIs,
    GetTaskPushNotificationConfigRequest: asIs,
    ListTaskPushNotificationConfigsRequest: asIs,
    DeleteTaskPushNotificationConfigRequest: asIs,
    GetExtendedAgentCardRequest: asIs,
  },
  decode: {
    SendMessageResponse: (answer) => checkSendMessageResponse(decodeV10.sendMessageResponse(answer)),
    StreamResponse: (answer) => checkStreamResponse(decodeV10.streamResponse(answer)),
    Task: (answer) => checkTask(decodeV10.task(answer)),
    ListTasksResponse: (answer) => checkListTasksResponse(decodeV10.listTasksResponse(answer)),
    TaskPushNotificationConfig: (answer) => checkPushConfig(decodeV10.pushConfig(answer)),
    ListTaskPushNotificationConfigsResponse: (answer) =>
      checkListPushConfigs(decodeV10.listPushConfigsResponse(answer)),
    AgentCard: (answer) => checkAgentCard(answer),
    Empty: () => undefined,
  },
};
