import type { OperationName } from '../protocol/operations.js';
import { LAST_TASK } from './placeholders.js';
import { v03 } from './v0-3.examples.js';
import { v10 } from './v1-0.examples.js';

/** A worked call: what is asked, and what is answered; of a stream, one for each event. */
export interface OperationExample {
  readonly request: object;
  readonly answer: unknown;
}

const task = { id: LAST_TASK };
const configIds = { taskId: LAST_TASK, id: v10.config.id };

export const V10_EXAMPLES: Readonly<Record<OperationName, OperationExample>> = {
  SendMessage: { request: v10.send, answer: { task: v10.task } },
  SendStreamingMessage: { request: v10.send, answer: v10.events },
  GetTask: { request: { ...task, historyLength: 0 }, answer: v10.task },
  ListTasks: { request: { pageSize: 10 }, answer: v10.page },
  CancelTask: { request: task, answer: v10.canceled },
  SubscribeToTask: { request: task, answer: v10.rejoined },
  CreateTaskPushNotificationConfig: { request: { ...v10.config, taskId: LAST_TASK }, answer: v10.config },
  GetTaskPushNotificationConfig: { request: configIds, answer: v10.config },
  ListTaskPushNotificationConfigs: { request: { taskId: LAST_TASK }, answer: v10.configs },
  DeleteTaskPushNotificationConfig: { request: configIds, answer: {} },
  GetExtendedAgentCard: { request: {}, answer: v10.card },
};

/** With the schemas of the params, and those that a result may have. */
export interface V03Example extends OperationExample {
  readonly params: string;
  readonly results: readonly string[];
}

const MESSAGES = ['V03Task', 'V03Message'];
const EVENTS = [...MESSAGES, 'V03TaskStatusUpdateEvent', 'V03TaskArtifactUpdateEvent'];
const v03Config = {
  params: 'V03PushNotificationConfigParams',
  request: { id: LAST_TASK, pushNotificationConfigId: v03.config.pushNotificationConfig.id },
};

/** What v0.3 has over JSON-RPC. */
export const V03_EXAMPLES: Readonly<Partial<Record<OperationName, V03Example>>> = {
  SendMessage: { params: 'V03MessageSendParams', results: MESSAGES, request: v03.send, answer: v03.task },
  SendStreamingMessage: { params: 'V03MessageSendParams', results: EVENTS, request: v03.send, answer: v03.events },
  GetTask: {
    params: 'V03TaskQueryParams',
    results: ['V03Task'],
    request: { ...task, historyLength: 0 },
    answer: v03.task,
  },
  CancelTask: { params: 'V03TaskIdParams', results: ['V03Task'], request: task, answer: v03.canceled },
  SubscribeToTask: { params: 'V03TaskIdParams', results: EVENTS, request: task, answer: v03.rejoined },
  CreateTaskPushNotificationConfig: {
    params: 'V03TaskPushNotificationConfig',
    results: ['V03TaskPushNotificationConfig'],
    request: { ...v03.config, taskId: LAST_TASK },
    answer: v03.config,
  },
  GetTaskPushNotificationConfig: { ...v03Config, results: ['V03TaskPushNotificationConfig'], answer: v03.config },
  ListTaskPushNotificationConfigs: {
    params: 'V03TaskIdParams',
    results: ['V03TaskPushNotificationConfigs'],
    request: task,
    answer: [v03.config],
  },
  DeleteTaskPushNotificationConfig: { ...v03Config, results: ['V03Nothing'], answer: null },
  GetExtendedAgentCard: { params: 'V03NoParams', results: ['V03AgentCard'], request: {}, answer: v03.card },
};
