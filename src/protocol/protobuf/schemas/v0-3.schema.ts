import { field, map, oneof, repeated } from '../field.js';
import { MESSAGES } from '../../messages/messages.js';
import { bool, bytes, enumOf, int32, string } from '../field-types.js';
import { message } from '../message.js';
import { MessageTypes } from '../message-types.js';
import { struct } from '../struct.js';

/**
 * The messages of `a2a.v1`, the package of protocol 0.3, with the fields that its later revisions added (`Part.metadata`,
 * `FilePart.name`, `AgentCard.icon_url`). Names are the JSON names of `a2a.proto`, which calls some fields otherwise.
 */

const types = new MessageTypes(({ names }) =>
  names.map((name) => (name === 'TASK_STATE_CANCELED' ? 'TASK_STATE_CANCELLED' : name)),
);

const filePart = message({
  fileWithUri: oneof(1, string),
  fileWithBytes: oneof(2, bytes),
  mimeType: field(3, string),
  name: field(4, string),
});

const part = types.set(MESSAGES.Part, {
  text: oneof(1, string),
  file: oneof(2, filePart),
  data: oneof(3, message({ data: field(1, struct) })),
  metadata: field(4, struct),
});

const protocolMessage = types.set(MESSAGES.Message, {
  messageId: field(1, string),
  contextId: field(2, string),
  taskId: field(3, string),
  role: field(4, enumOf('ROLE_UNSPECIFIED', 'ROLE_USER', 'ROLE_AGENT')),
  content: repeated(5, part),
  metadata: field(6, struct),
  extensions: repeated(7, string),
});

types.set(MESSAGES.Artifact, {
  artifactId: field(1, string),
  name: field(3, string),
  description: field(4, string),
  parts: repeated(5, part),
  metadata: field(6, struct),
  extensions: repeated(7, string),
});

types.set(MESSAGES.TaskStatusUpdateEvent, {
  taskId: field(1, string),
  contextId: field(2, string),
  status: field(3, types.of(MESSAGES.TaskStatus)),
  final: field(4, bool),
  metadata: field(5, struct),
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

const requirements = repeated(9, types.of(MESSAGES.SecurityRequirement));

const agentCard = message({
  name: field(1, string),
  description: field(2, string),
  url: field(3, string),
  provider: field(4, types.of(MESSAGES.AgentProvider)),
  version: field(5, string),
  documentationUrl: field(6, string),
  capabilities: field(
    7,
    message({
      streaming: field(1, bool),
      pushNotifications: field(2, bool),
      extensions: repeated(3, types.of(MESSAGES.AgentExtension)),
    }),
  ),
  securitySchemes: map(8, types.of(MESSAGES.SecurityScheme)),
  security: requirements,
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
      security: { ...requirements, number: 8 },
    }),
  ),
  supportsAuthenticatedExtendedCard: field(13, bool),
  preferredTransport: field(14, string),
  additionalInterfaces: repeated(15, message({ url: field(1, string), transport: field(2, string) })),
  protocolVersion: field(16, string),
  signatures: repeated(17, types.of(MESSAGES.AgentCardSignature)),
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
  SendMessageResponse: types.of(MESSAGES.SendMessageResponse),
  StreamResponse: types.of(MESSAGES.StreamResponse),
  GetTaskRequest: message({ name: field(1, string), historyLength: field(2, int32) }),
  Task: types.of(MESSAGES.Task),
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
