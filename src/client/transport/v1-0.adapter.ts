import { MESSAGES, type MessageName } from '../../protocol/messages/messages.js';
import { v10Decoder } from '../../protocol/v1-0/index.js';
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

const read = (message: MessageName, answer: unknown): unknown => v10Decoder.of(MESSAGES[message])(answer);

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
    SendMessageResponse: (answer) => checkSendMessageResponse(read('SendMessageResponse', answer)),
    StreamResponse: (answer) => checkStreamResponse(read('StreamResponse', answer)),
    Task: (answer) => checkTask(read('Task', answer)),
    ListTasksResponse: (answer) => checkListTasksResponse(read('ListTasksResponse', answer)),
    TaskPushNotificationConfig: (answer) => checkPushConfig(read('TaskPushNotificationConfig', answer)),
    ListTaskPushNotificationConfigsResponse: (answer) =>
      checkListPushConfigs(read('ListTaskPushNotificationConfigsResponse', answer)),
    AgentCard: (answer) => checkAgentCard(answer),
    Empty: () => undefined,
  },
};
