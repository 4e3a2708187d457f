import { anyObject, flag, list, object, ref, text, type Schema } from './schema.js';

const id = text('At most 512 bytes.');
const tenant = text('Absent: no tenant.');
const historyLength: Schema = {
  type: 'integer',
  minimum: 0,
  description: 'Newest messages in the answer; 0: none, absent: all.',
};

const pageSize: Schema = { type: 'integer', minimum: 1, maximum: 100, default: 50 };

const STATES = [
  'SUBMITTED',
  'WORKING',
  'COMPLETED',
  'FAILED',
  'CANCELED',
  'INPUT_REQUIRED',
  'REJECTED',
  'AUTH_REQUIRED',
];

/** A request to create a config is a config. */
export const schemaNameOf = (message: string): string =>
  message === 'CreateTaskPushNotificationConfigRequest' ? 'TaskPushNotificationConfig' : message;

/** The messages of protocol v1.0. */
export const v10Schemas: Readonly<Record<string, Schema>> = {
  TaskState: { type: 'string', enum: STATES.map((state) => `TASK_STATE_${state}`) },
  Part: {
    ...object({
      text: text(),
      raw: { type: 'string', contentEncoding: 'base64' },
      url: text(),
      data: { description: 'Any JSON value.' },
      mediaType: text(),
      filename: text(),
      metadata: anyObject,
    }),
    description: 'A piece of content: exactly one of text, raw, url and data.',
    oneOf: ['text', 'raw', 'url', 'data'].map((member) => ({ required: [member] })),
  },
  Message: object({
    'messageId!': id,
    'role!': { type: 'string', enum: ['ROLE_USER', 'ROLE_AGENT'] },
    'parts!': { ...list(ref('Part')), minItems: 1 },
    taskId: id,
    contextId: id,
    referenceTaskIds: list(id),
    extensions: list(text()),
    metadata: anyObject,
  }),
  Artifact: object({
    'artifactId!': id,
    'parts!': list(ref('Part')),
    name: text(),
    description: text(),
    extensions: list(text()),
    metadata: anyObject,
  }),
  TaskStatus: object({
    'state!': ref('TaskState'),
    message: ref('Message'),
    timestamp: { type: 'string', format: 'date-time' },
  }),
  Task: object({
    'id!': text(),
    'contextId!': text(),
    'status!': ref('TaskStatus'),
    artifacts: list(ref('Artifact')),
    history: list(ref('Message')),
    metadata: anyObject,
  }),
  TaskStatusUpdateEvent: object({
    'taskId!': text(),
    'contextId!': text(),
    'status!': ref('TaskStatus'),
    metadata: anyObject,
  }),
  TaskArtifactUpdateEvent: object({
    'taskId!': text(),
    'contextId!': text(),
    'artifact!': ref('Artifact'),
    append: flag,
    lastChunk: flag,
    metadata: anyObject,
  }),
  SendMessageResponse: {
    ...object({ task: ref('Task'), message: ref('Message') }),
    oneOf: [{ required: ['task'] }, { required: ['message'] }],
  },
  StreamResponse: {
    ...object({
      task: ref('Task'),
      message: ref('Message'),
      statusUpdate: ref('TaskStatusUpdateEvent'),
      artifactUpdate: ref('TaskArtifactUpdateEvent'),
    }),
    oneOf: ['task', 'message', 'statusUpdate', 'artifactUpdate'].map((member) => ({ required: [member] })),
  },
  ListTasksResponse: object({
    'tasks!': list(ref('Task')),
    'nextPageToken!': text('Empty on the last page.'),
    'pageSize!': { type: 'integer' },
    'totalSize!': {
      type: 'integer',
      description: 'Tasks that match, on all pages. Exact up to 10,000; beyond, an estimate of at least 10,001.',
    },
  }),
  SendMessageRequest: object({
    'message!': ref('Message'),
    configuration: object({
      acceptedOutputModes: list(text()),
      historyLength,
      returnImmediately: {
        ...flag,
        description: 'False or absent: the answer waits until the task ends or needs the caller.',
      },
      taskPushNotificationConfig: ref('TaskPushNotificationConfig'),
    }),
    tenant,
    metadata: anyObject,
  }),
  GetTaskRequest: object({ 'id!': id, historyLength, tenant }),
  ListTasksRequest: object({
    contextId: id,
    status: ref('TaskState'),
    pageSize,
    pageToken: text(),
    historyLength,
    statusTimestampAfter: { type: 'string', format: 'date-time' },
    includeArtifacts: flag,
    tenant,
  }),
  AuthenticationInfo: object({
    'scheme!': text('Name of an HTTP authentication scheme, such as Bearer.'),
    credentials: text('Sent to the webhook behind the scheme.'),
  }),
  TaskPushNotificationConfig: object({
    'url!': text('The webhook. Events are sent to it by POST.'),
    id: text('Absent in a request: the server makes one.'),
    taskId: text(),
    token: text('Sent as X-A2A-Notification-Token, so that the webhook knows who calls.'),
    authentication: ref('AuthenticationInfo'),
    tenant,
  }),
  GetTaskPushNotificationConfigRequest: object({ 'taskId!': id, 'id!': id, tenant }),
  ListTaskPushNotificationConfigsRequest: object({ 'taskId!': id, pageSize, pageToken: text(), tenant }),
  ListTaskPushNotificationConfigsResponse: object({
    'configs!': list(ref('TaskPushNotificationConfig')),
    'nextPageToken!': text('Empty on the last page.'),
  }),
  DeleteTaskPushNotificationConfigRequest: object({ 'taskId!': id, 'id!': id, tenant }),
  GetExtendedAgentCardRequest: object({ tenant }),
  Empty: object({}),
  CancelTaskRequest: object({ 'id!': id, metadata: anyObject, tenant }),
  SubscribeToTaskRequest: object({ 'id!': id, tenant }),
};
