import { MESSAGES } from '../protocol/messages/messages.js';
import { V03_ROLES, V03_STATES } from '../protocol/v0-3/index.js';
import { isTaskState, MessageSchemas } from './message.schemas.js';
import { anyObject, flag, list, object, ref, text, type Schema } from './schema.js';

const kind = (name: string): Schema => ({ type: 'string', const: name });
const V03_NAMES = {
  Part: 'V03Part',
  Message: 'V03Message',
  Artifact: 'V03Artifact',
  TaskStatus: 'V03TaskStatus',
  Task: 'V03Task',
  TaskStatusUpdateEvent: 'V03TaskStatusUpdateEvent',
  TaskArtifactUpdateEvent: 'V03TaskArtifactUpdateEvent',
} as const;
const named = Object.entries(V03_NAMES) as [keyof typeof V03_NAMES, string][];

const schemas = new MessageSchemas({
  names: new Map(named.map(([name, v03]) => [MESSAGES[name], v03])),
  values: (kind) => ({ type: 'string', enum: Object.values(isTaskState(kind) ? V03_STATES : V03_ROLES) }),
  more: [
    [MESSAGES.Message, { kind: kind('message') }],
    [MESSAGES.Task, { kind: kind('task') }],
    [MESSAGES.TaskStatusUpdateEvent, { kind: kind('status-update'), final: flag }],
    [MESSAGES.TaskArtifactUpdateEvent, { kind: kind('artifact-update') }],
  ],
});

/** The messages of protocol v0.3, whose objects say by `kind` what they are. */
export const v03Schemas: Readonly<Record<string, Schema>> = {
  ...Object.fromEntries(named.map(([name, v03]) => [v03, schemas.of(MESSAGES[name])])),
  V03Part: {
    oneOf: [
      object({ 'kind!': kind('text'), 'text!': text(), metadata: anyObject }),
      object({
        'kind!': kind('file'),
        'file!': {
          ...object({
            bytes: { type: 'string', contentEncoding: 'base64' },
            uri: text(),
            name: text(),
            mimeType: text(),
          }),
          oneOf: [{ required: ['bytes'] }, { required: ['uri'] }],
        },
        metadata: anyObject,
      }),
      object({ 'kind!': kind('data'), 'data!': anyObject, metadata: anyObject }),
    ],
  },
  V03MessageSendParams: object({
    'message!': ref('V03Message'),
    configuration: object({
      acceptedOutputModes: list(text()),
      historyLength: { type: 'integer', minimum: 0 },
      blocking: { ...flag, description: 'True: the answer waits until the task ends or needs the caller.' },
    }),
    metadata: anyObject,
  }),
  V03TaskQueryParams: object({ 'id!': text(), historyLength: { type: 'integer', minimum: 0 }, metadata: anyObject }),
  V03TaskPushNotificationConfig: object({
    'taskId!': text(),
    'pushNotificationConfig!': object({
      'url!': text('The webhook. Events are sent to it by POST.'),
      id: text(),
      token: text('Sent as X-A2A-Notification-Token.'),
      authentication: object({ 'schemes!': list(text()), credentials: text() }),
    }),
  }),
  V03TaskPushNotificationConfigs: list(ref('V03TaskPushNotificationConfig')),
  V03PushNotificationConfigParams: object({
    'id!': text('Of the task.'),
    pushNotificationConfigId: text('Of the config.'),
  }),
  V03Nothing: { type: 'null' },
  V03AgentCard: object({
    'protocolVersion!': text(),
    'name!': text(),
    'description!': text(),
    'url!': text(),
    preferredTransport: text(),
    'version!': text(),
    'capabilities!': anyObject,
    'defaultInputModes!': list(text()),
    'defaultOutputModes!': list(text()),
    'skills!': list(anyObject),
  }),
  V03NoParams: object({}),
  V03TaskIdParams: object({ 'id!': text(), metadata: anyObject }),
};
