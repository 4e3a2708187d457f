import { field, map, oneof, optional, repeated } from '../field.js';
import { bool, bytes, enumOf, int32, string } from '../field-types.js';
import { message } from '../message.js';
import { struct, value } from '../struct.js';
import { timestamp } from '../times.js';
import { securityRequirement, v10SecurityScheme } from './security.schema.js';

/** The messages of `lf.a2a.v1`, as `a2a.proto` of protocol 1.0 defines them. */

const taskState = enumOf(
  'TASK_STATE_UNSPECIFIED',
  'TASK_STATE_SUBMITTED',
  'TASK_STATE_WORKING',
  'TASK_STATE_COMPLETED',
  'TASK_STATE_FAILED',
  'TASK_STATE_CANCELED',
  'TASK_STATE_INPUT_REQUIRED',
  'TASK_STATE_REJECTED',
  'TASK_STATE_AUTH_REQUIRED',
);

const part = message({
  text: oneof(1, string),
  raw: oneof(2, bytes),
  url: oneof(3, string),
  data: oneof(4, value),
  metadata: field(5, struct),
  filename: field(6, string),
  mediaType: field(7, string),
});

const protocolMessage = message({
  messageId: field(1, string),
  contextId: field(2, string),
  taskId: field(3, string),
  role: field(4, enumOf('ROLE_UNSPECIFIED', 'ROLE_USER', 'ROLE_AGENT')),
  parts: repeated(5, part),
  metadata: field(6, struct),
  extensions: repeated(7, string),
  referenceTaskIds: repeated(8, string),
});

const artifact = message({
  artifactId: field(1, string),
  name: field(2, string),
  description: field(3, string),
  parts: repeated(4, part),
  metadata: field(5, struct),
  extensions: repeated(6, string),
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
  metadata: field(4, struct),
});

const artifactUpdate = message({
  taskId: field(1, string),
  contextId: field(2, string),
  artifact: field(3, artifact),
  append: field(4, bool),
  lastChunk: field(5, bool),
  metadata: field(6, struct),
});

const taskPushNotificationConfig = message({
  tenant: field(1, string),
  id: field(2, string),
  taskId: field(3, string),
  url: field(4, string),
  token: field(5, string),
  authentication: field(6, message({ scheme: field(1, string), credentials: field(2, string) })),
});

const sendMessageConfiguration = message({
  acceptedOutputModes: repeated(1, string),
  taskPushNotificationConfig: field(2, taskPushNotificationConfig),
  historyLength: optional(3, int32),
  returnImmediately: field(4, bool),
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
  supportedInterfaces: repeated(
    3,
    message({
      url: field(1, string),
      protocolBinding: field(2, string),
      tenant: field(3, string),
      protocolVersion: field(4, string),
    }),
  ),
  provider: field(4, message({ url: field(1, string), organization: field(2, string) })),
  version: field(5, string),
  documentationUrl: optional(6, string),
  capabilities: field(
    7,
    message({
      streaming: optional(1, bool),
      pushNotifications: optional(2, bool),
      extensions: repeated(3, agentExtension),
      extendedAgentCard: optional(4, bool),
    }),
  ),
  securitySchemes: map(8, v10SecurityScheme),
  securityRequirements: repeated(9, securityRequirement),
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
      securityRequirements: repeated(8, securityRequirement),
    }),
  ),
  signatures: repeated(
    13,
    message({ protected: field(1, string), signature: field(2, string), header: field(3, struct) }),
  ),
  iconUrl: optional(14, string),
});

const configByName = message({ tenant: field(1, string), taskId: field(2, string), id: field(3, string) });

/** What the calls of the service take and give, by the names of the messages. */
export const V10 = {
  SendMessageRequest: message({
    tenant: field(1, string),
    message: field(2, protocolMessage),
    configuration: field(3, sendMessageConfiguration),
    metadata: field(4, struct),
  }),
  SendMessageResponse: message({ task: oneof(1, task), message: oneof(2, protocolMessage) }),
  StreamResponse: message({
    task: oneof(1, task),
    message: oneof(2, protocolMessage),
    statusUpdate: oneof(3, statusUpdate),
    artifactUpdate: oneof(4, artifactUpdate),
  }),
  GetTaskRequest: message({ tenant: field(1, string), id: field(2, string), historyLength: optional(3, int32) }),
  Task: task,
  ListTasksRequest: message({
    tenant: field(1, string),
    contextId: field(2, string),
    status: field(3, taskState),
    pageSize: optional(4, int32),
    pageToken: field(5, string),
    historyLength: optional(6, int32),
    statusTimestampAfter: field(7, timestamp),
    includeArtifacts: optional(8, bool),
  }),
  ListTasksResponse: message({
    tasks: repeated(1, task),
    nextPageToken: field(2, string),
    pageSize: field(3, int32),
    totalSize: field(4, int32),
  }),
  CancelTaskRequest: message({ tenant: field(1, string), id: field(2, string), metadata: field(3, struct) }),
  SubscribeToTaskRequest: message({ tenant: field(1, string), id: field(2, string) }),
  CreateTaskPushNotificationConfigRequest: taskPushNotificationConfig,
  TaskPushNotificationConfig: taskPushNotificationConfig,
  GetTaskPushNotificationConfigRequest: configByName,
  DeleteTaskPushNotificationConfigRequest: configByName,
  ListTaskPushNotificationConfigsRequest: message({
    taskId: field(1, string),
    pageSize: field(2, int32),
    pageToken: field(3, string),
    tenant: field(4, string),
  }),
  ListTaskPushNotificationConfigsResponse: message({
    configs: repeated(1, taskPushNotificationConfig),
    nextPageToken: field(2, string),
  }),
  GetExtendedAgentCardRequest: message({ tenant: field(1, string) }),
  AgentCard: agentCard,
  Empty: message({}),
} as const;
