import { base64 } from '../decoding/base64.js';
import { asIs, enumOf, int32, jsonValue, listOf, object, optionalText, type Decode } from '../decoding/shape.js';
import { ROLE_NUMBERS, STATE_NUMBERS } from './enum-numbers.js';

/** ProtoJSON of the messages a v1.0 request is made of. Spec 5.5, 5.7; a2a.proto. */
export const message = (fields: Parameters<typeof object>[0]): Decode => object(fields, { snakeCase: true });

export const part = message({
  text: asIs,
  raw: base64,
  url: asIs,
  data: jsonValue,
  metadata: asIs,
  filename: asIs,
  mediaType: asIs,
});

export const protocolMessage = message({
  messageId: asIs,
  contextId: optionalText,
  taskId: optionalText,
  role: enumOf(new Map(ROLE_NUMBERS)),
  parts: listOf(part),
  metadata: asIs,
  extensions: asIs,
  referenceTaskIds: asIs,
});

export const taskPushNotificationConfig = message({
  tenant: asIs,
  id: asIs,
  taskId: asIs,
  url: asIs,
  token: asIs,
  authentication: message({ scheme: asIs, credentials: asIs }),
});

export const sendMessageRequest = message({
  tenant: asIs,
  message: protocolMessage,
  configuration: message({
    acceptedOutputModes: asIs,
    taskPushNotificationConfig,
    historyLength: int32,
    returnImmediately: asIs,
  }),
  metadata: asIs,
});

export const getTaskRequest = message({ tenant: asIs, id: asIs, historyLength: int32 });

export const listTasksRequest = message({
  tenant: asIs,
  contextId: optionalText,
  // No filter: the same as leaving it out.
  status: enumOf(
    new Map<unknown, string | undefined>([...STATE_NUMBERS, [0, undefined], ['TASK_STATE_UNSPECIFIED', undefined]]),
  ),
  pageSize: int32,
  pageToken: asIs,
  historyLength: int32,
  statusTimestampAfter: asIs,
  includeArtifacts: asIs,
});

export const cancelTaskRequest = message({ tenant: asIs, id: asIs, metadata: asIs });

export const subscribeToTaskRequest = message({ tenant: asIs, id: asIs });

export const pushConfigRequest = message({ tenant: asIs, taskId: asIs, id: asIs });

export const listPushConfigsRequest = message({ tenant: asIs, taskId: asIs, pageSize: int32, pageToken: asIs });

export const getExtendedAgentCardRequest = message({ tenant: asIs });
