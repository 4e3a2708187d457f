import type { OperationName } from '../../transports/operations.js';
import { v10 } from './v1-0.examples.js';

/** What the documentation says of an operation besides its address. */
export interface DocumentedOperation {
  readonly summary: string;
  /** Schema of the request in v1.0 form; what is not in the path is the body, or the query. */
  readonly request: string;
  readonly response: string;
  readonly example?: object;
  /** Of a stream, one for each event. */
  readonly answer: unknown;
  readonly stream?: true;
}

const { tenant: _, taskId: _taskId, ...config } = { tenant: '', ...v10.config };

export const REST_OPERATIONS: Readonly<Record<OperationName, DocumentedOperation>> = {
  SendMessage: {
    summary: 'Send a message, wait for the answer',
    request: 'SendMessageRequest',
    response: 'SendMessageResponse',
    example: v10.send,
    answer: { task: v10.task },
  },
  SendStreamingMessage: {
    summary: 'Send a message, receive events',
    request: 'SendMessageRequest',
    response: 'StreamResponse',
    example: v10.send,
    answer: v10.events,
    stream: true,
  },
  GetTask: { summary: 'Read a task', request: 'GetTaskRequest', response: 'Task', answer: v10.task },
  ListTasks: { summary: 'List tasks', request: 'ListTasksRequest', response: 'ListTasksResponse', answer: v10.page },
  CancelTask: {
    summary: 'Cancel a task',
    request: 'CancelTaskRequest',
    response: 'Task',
    example: {},
    answer: v10.canceled,
  },
  SubscribeToTask: {
    summary: 'Join the events of a task',
    request: 'SubscribeToTaskRequest',
    response: 'StreamResponse',
    example: {},
    answer: v10.rejoined,
    stream: true,
  },
  CreateTaskPushNotificationConfig: {
    summary: 'Have the events of a task sent to a webhook',
    request: 'TaskPushNotificationConfig',
    response: 'TaskPushNotificationConfig',
    example: config,
    answer: v10.config,
  },
  GetTaskPushNotificationConfig: {
    summary: 'Read a webhook of a task',
    request: 'GetTaskPushNotificationConfigRequest',
    response: 'TaskPushNotificationConfig',
    answer: v10.config,
  },
  ListTaskPushNotificationConfigs: {
    summary: 'List the webhooks of a task',
    request: 'ListTaskPushNotificationConfigsRequest',
    response: 'ListTaskPushNotificationConfigsResponse',
    answer: v10.configs,
  },
  DeleteTaskPushNotificationConfig: {
    summary: 'Send no more to a webhook',
    request: 'DeleteTaskPushNotificationConfigRequest',
    response: 'Empty',
    answer: {},
  },
  GetExtendedAgentCard: {
    summary: 'Read the card for callers that are known',
    request: 'GetExtendedAgentCardRequest',
    response: 'AgentCard',
    answer: v10.card,
  },
};
