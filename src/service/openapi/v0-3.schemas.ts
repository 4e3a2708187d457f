import { anyObject, flag, list, object, ref, text, type Schema } from './schema.js';

const kind = (name: string): Schema => ({ type: 'string', const: name });
const STATES = [
  'submitted',
  'working',
  'completed',
  'failed',
  'canceled',
  'input-required',
  'rejected',
  'auth-required',
  'unknown',
];

/** The messages of protocol v0.3, whose objects say by `kind` what they are. */
export const v03Schemas: Readonly<Record<string, Schema>> = {
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
  V03Message: object({
    'kind!': kind('message'),
    'messageId!': text(),
    'role!': { type: 'string', enum: ['user', 'agent'] },
    'parts!': list(ref('V03Part')),
    taskId: text(),
    contextId: text(),
    referenceTaskIds: list(text()),
    extensions: list(text()),
    metadata: anyObject,
  }),
  V03Artifact: object({
    'artifactId!': text(),
    'parts!': list(ref('V03Part')),
    name: text(),
    description: text(),
    extensions: list(text()),
    metadata: anyObject,
  }),
  V03TaskStatus: object({ 'state!': { type: 'string', enum: STATES }, message: ref('V03Message'), timestamp: text() }),
  V03Task: object({
    'kind!': kind('task'),
    'id!': text(),
    'contextId!': text(),
    'status!': ref('V03TaskStatus'),
    artifacts: list(ref('V03Artifact')),
    history: list(ref('V03Message')),
    metadata: anyObject,
  }),
  V03TaskStatusUpdateEvent: object({
    'kind!': kind('status-update'),
    'taskId!': text(),
    'contextId!': text(),
    'status!': ref('V03TaskStatus'),
    'final!': flag,
    metadata: anyObject,
  }),
  V03TaskArtifactUpdateEvent: object({
    'kind!': kind('artifact-update'),
    'taskId!': text(),
    'contextId!': text(),
    'artifact!': ref('V03Artifact'),
    append: flag,
    lastChunk: flag,
    metadata: anyObject,
  }),
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
