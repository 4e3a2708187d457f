import { field, map, oneof, repeated } from '../field.js';
import { bool, bytes, enumOf, int32, string } from '../field-types.js';
import { message } from '../message.js';
import { struct } from '../struct.js';
import { timestamp } from '../times.js';
import { securityRequirement, v03SecurityScheme } from './security.schema.js';

/**
 * The messages of `a2a.v1`, the package of protocol 0.3, with the fields that its later revisions added (`Part.metadata`,
 * `FilePart.name`, `AgentCard.icon_url`). Names are the JSON names of `a2a.proto`, which calls some fields otherwise.
 */

const taskState = enumOf(
  'TASK_STATE_UNSPECIFIED',
  'TASK_STATE_SUBMITTED',
  'TASK_STATE_WORKING',
  'TASK_STATE_COMPLETED',
  'TASK_STATE_FAILED',
  'TASK_STATE_CANCELLED',
  'TASK_STATE_INPUT_REQUIRED',
  'TASK_STATE_REJECTED',
  'TASK_STATE_AUTH_REQUIRED',
);

const filePart = message({
  fileWithUri: oneof(1, string),
  fileWithBytes: oneof(2, bytes),
  mimeType: field(3, string),
  name: field(4, string),
});

const part = message({
  text: oneof(1, string),
  file: oneof(2, filePart),
  data: oneof(3, message({ data: field(1, struct) })),
  metadata: field(4, struct),
});

const protocolMessage = message({
  messageId: field(1, string),
  contextId: field(2, string),
  taskId: field(3, string),
  role: field(4, enumOf('ROLE_UNSPECIFIED', 'ROLE_USER', 'ROLE_AGENT')),
  content: repeated(5, part),
  metadata: field(6, struct),
  extensions: repeated(7, string),
});

const artifact = message({
  artifactId: field(1, string),
  name: field(3, string),
  description: field(4, string),
  parts: repeated(5, part),
  metadata: field(6, struct),
  extensions: repeated(7, string),
});

const taskStatus = message({
  state: field(1, taskState),
  message: field(2, protocolMessage),
  timestamp: field(3, timestamp),
});

const task = message({
  id: field(1, string),
  contextId: field(2, string),
  status: field(3, taskStatus),
  artifacts: repeated(4, artifact),
  history: repeated(5, protocolMessage),
  metadata: field(6, struct),
});

const statusUpdate = message({
  taskId: field(1, string),
  contextId: field(2, string),
  status: field(3, taskStatus),
  final: field(4, bool),
  metadata: field(5, struct),
});

const artifactUpdate = message({
  taskId: field(1, string),
  contextId: field(2, string),
  artifact: field(3, artifact),
  append: field(4, bool),
  lastChunk: field(5, bool),
  metadata: field(6, struct),
});

const pushNotificationConfig = message({
  id: field(1, string),
  url: field(2, string),
  token: field(3, string),
  authentication: field(4, message({ schemes: repeated(1, string), credentials: field(2, string) })),
});

const taskPushNotificationConfig = message({
  name: field(1, string),
  pushNotificationConfig: field(2, pushNotificationConfig),
});

const agentExtension = message({
  uri: field(1, string),
  description: field(2, string),
  required: field(3, bool),
  params: field(4, struct),
});

const agentCard = message({
  name: field(1, string),
  description: field(2, string),
  url: field(3, string),
  provider: field(4, message({ url: field(1, string), organization: field(2, string) })),
  version: field(5, string),
  documentationUrl: field(6, string),
  capabilities: field(
    7,
    message({ streaming: field(1, bool), pushNotifications: field(2, bool), extensions: repeated(3, agentExtension) }),
  ),
  securitySchemes: map(8, v03SecurityScheme),
  security: repeated(9, securityRequirement),
  defaultInputModes: repeated(10, string),
  defaultOutputModes: repeated(11, string),
  skills: repeated(
    12,
    message({
      id: field(1, string),
      name: field(2, string),
      description: field(3, string),
      tags: repeated(4, string),
      examples: repeated(5, string),
      inputModes: repeated(6, string),
      outputModes: repeated(7, string),
      security: repeated(8, securityRequirement),
    }),
  ),
  supportsAuthenticatedExtendedCard: field(13, bool),
  preferredTransport: field(14, string),
  additionalInterfaces: repeated(15, message({ url: field(1, string), transport: field(2, string) })),
  protocolVersion: field(16, string),
  signatures: repeated(
    17,
    message({ protected: field(1, string), signature: field(2, string), header: field(3, struct) }),
  ),
  iconUrl: field(18, string),
});

const byName = message({ name: field(1, string) });

/** What the calls of the service take and give, by the names that v1.0 has for the messages. */
export const V03 = {
  SendMessageRequest: message({
    message: field(1, protocolMessage),
    configuration: field(
      2,
      message({
        acceptedOutputModes: repeated(1, string),
        pushNotification: field(2, pushNotificationConfig),
        historyLength: field(3, int32),
        blocking: field(4, bool),
      }),
    ),
    metadata: field(3, struct),
  }),
  SendMessageResponse: message({ task: oneof(1, task), message: oneof(2, protocolMessage) }),
  StreamResponse: message({
    task: oneof(1, task),
    message: oneof(2, protocolMessage),
    statusUpdate: oneof(3, statusUpdate),
    artifactUpdate: oneof(4, artifactUpdate),
  }),
  GetTaskRequest: message({ name: field(1, string), historyLength: field(2, int32) }),
  Task: task,
  CancelTaskRequest: byName,
  SubscribeToTaskRequest: byName,
  CreateTaskPushNotificationConfigRequest: message({
    parent: field(1, string),
    configId: field(2, string),
    config: field(3, taskPushNotificationConfig),
  }),
  TaskPushNotificationConfig: taskPushNotificationConfig,
  GetTaskPushNotificationConfigRequest: byName,
  DeleteTaskPushNotificationConfigRequest: byName,
  ListTaskPushNotificationConfigsRequest: message({
    parent: field(1, string),
    pageSize: field(2, int32),
    pageToken: field(3, string),
  }),
  ListTaskPushNotificationConfigsResponse: message({
    configs: repeated(1, taskPushNotificationConfig),
    nextPageToken: field(2, string),
  }),
  GetExtendedAgentCardRequest: message({}),
  AgentCard: agentCard,
  Empty: message({}),
} as const;
