import { v03 } from './v0-3.examples.js';
import { v10 } from './v1-0.examples.js';

/** A method of the JSON-RPC endpoint, as the documentation shows it. */
export interface DocumentedMethod {
  readonly method: string;
  readonly version: '1.0' | '0.3';
  readonly summary: string;
  /** Schema of `params`. */
  readonly params: string;
  /** Schemas that `result` may have. */
  readonly results: readonly string[];
  readonly request: unknown;
  /** `result` of the answer; of a stream, one for each event. */
  readonly answer: unknown;
  readonly stream: boolean;
}

const STREAMS = new Set(['SendStreamingMessage', 'SubscribeToTask', 'message/stream', 'tasks/resubscribe']);

type Row = [
  method: string,
  params: string,
  results: readonly string[],
  summary: string,
  request: unknown,
  answer: unknown,
];

const toMethod =
  (version: '1.0' | '0.3') =>
  ([method, params, results, summary, request, answer]: Row): DocumentedMethod => ({
    ...{ method, version, summary, params, results, request, answer },
    stream: STREAMS.has(method),
  });

const V03_RESULTS = ['V03Task', 'V03Message'];
const V03_EVENTS = [...V03_RESULTS, 'V03TaskStatusUpdateEvent', 'V03TaskArtifactUpdateEvent'];

const V03_CONFIG_IDS = { id: v03.config.taskId, pushNotificationConfigId: v03.config.pushNotificationConfig.id };
const CONFIG_IDS = { taskId: v10.config.taskId, id: v10.config.id };

const v10Rows: Row[] = [
  [
    'SendMessage',
    'SendMessageRequest',
    ['SendMessageResponse'],
    'Send a message, wait for the answer',
    v10.send,
    { task: v10.task },
  ],
  [
    'SendStreamingMessage',
    'SendMessageRequest',
    ['StreamResponse'],
    'Send a message, receive events',
    v10.send,
    v10.events,
  ],
  ['GetTask', 'GetTaskRequest', ['Task'], 'Read a task', { id: v10.task.id, historyLength: 0 }, v10.task],
  ['ListTasks', 'ListTasksRequest', ['ListTasksResponse'], 'List tasks', { pageSize: 10 }, v10.page],
  ['CancelTask', 'CancelTaskRequest', ['Task'], 'Cancel a task', { id: v10.task.id }, v10.canceled],
  [
    'SubscribeToTask',
    'SubscribeToTaskRequest',
    ['StreamResponse'],
    'Join the events of a task',
    { id: v10.task.id },
    v10.rejoined,
  ],
  [
    'CreateTaskPushNotificationConfig',
    'TaskPushNotificationConfig',
    ['TaskPushNotificationConfig'],
    'Have the events of a task sent to a webhook',
    v10.config,
    v10.config,
  ],
  [
    'GetTaskPushNotificationConfig',
    'GetTaskPushNotificationConfigRequest',
    ['TaskPushNotificationConfig'],
    'Read a webhook of a task',
    CONFIG_IDS,
    v10.config,
  ],
  [
    'ListTaskPushNotificationConfigs',
    'ListTaskPushNotificationConfigsRequest',
    ['ListTaskPushNotificationConfigsResponse'],
    'List the webhooks of a task',
    { taskId: v10.task.id },
    v10.configs,
  ],
  [
    'DeleteTaskPushNotificationConfig',
    'DeleteTaskPushNotificationConfigRequest',
    ['Empty'],
    'Send no more to a webhook',
    CONFIG_IDS,
    {},
  ],
  [
    'GetExtendedAgentCard',
    'GetExtendedAgentCardRequest',
    ['AgentCard'],
    'Read the card for callers that are known',
    {},
    v10.card,
  ],
];

const v03Rows: Row[] = [
  ['message/send', 'V03MessageSendParams', V03_RESULTS, 'Send a message, wait for the answer', v03.send, v03.task],
  ['message/stream', 'V03MessageSendParams', V03_EVENTS, 'Send a message, receive events', v03.send, v03.events],
  ['tasks/get', 'V03TaskQueryParams', ['V03Task'], 'Read a task', { id: v03.task.id, historyLength: 0 }, v03.task],
  ['tasks/cancel', 'V03TaskIdParams', ['V03Task'], 'Cancel a task', { id: v03.task.id }, v03.canceled],
  ['tasks/resubscribe', 'V03TaskIdParams', V03_EVENTS, 'Join the events of a task', { id: v03.task.id }, v03.rejoined],
  [
    'tasks/pushNotificationConfig/set',
    'V03TaskPushNotificationConfig',
    ['V03TaskPushNotificationConfig'],
    'Have the events of a task sent to a webhook',
    v03.config,
    v03.config,
  ],
  [
    'tasks/pushNotificationConfig/get',
    'V03PushNotificationConfigParams',
    ['V03TaskPushNotificationConfig'],
    'Read a webhook of a task',
    V03_CONFIG_IDS,
    v03.config,
  ],
  [
    'tasks/pushNotificationConfig/list',
    'V03TaskIdParams',
    ['V03TaskPushNotificationConfigs'],
    'List the webhooks of a task',
    { id: v03.task.id },
    [v03.config],
  ],
  [
    'tasks/pushNotificationConfig/delete',
    'V03PushNotificationConfigParams',
    ['V03Nothing'],
    'Send no more to a webhook',
    V03_CONFIG_IDS,
    null,
  ],
  [
    'agent/getAuthenticatedExtendedCard',
    'V03NoParams',
    ['V03AgentCard'],
    'Read the card for callers that are known',
    {},
    v03.card,
  ],
];

export const documentedMethods: readonly DocumentedMethod[] = [
  ...v10Rows.map(toMethod('1.0')),
  ...v03Rows.map(toMethod('0.3')),
];
