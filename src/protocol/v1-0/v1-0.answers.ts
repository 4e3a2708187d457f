import { asIs, enumOf, int32, listOf, type Decode } from '../decoding/shape.js';
import { STATE_NUMBERS } from './enum-numbers.js';
import { message, part, protocolMessage, taskPushNotificationConfig } from './v1-0.shapes.js';

const artifact = message({
  artifactId: asIs,
  name: asIs,
  description: asIs,
  parts: listOf(part),
  metadata: asIs,
  extensions: asIs,
});

const status = message({ state: enumOf(new Map(STATE_NUMBERS)), message: protocolMessage, timestamp: asIs });

const task = message({
  id: asIs,
  contextId: asIs,
  status,
  artifacts: listOf(artifact),
  history: listOf(protocolMessage),
  metadata: asIs,
});

const sendMessageResponse = { task, message: protocolMessage };

const streamResponse = {
  ...sendMessageResponse,
  statusUpdate: message({ taskId: asIs, contextId: asIs, status, metadata: asIs }),
  artifactUpdate: message({
    taskId: asIs,
    contextId: asIs,
    artifact,
    append: asIs,
    lastChunk: asIs,
    metadata: asIs,
  }),
};

/**
 * What a v1.0 server answers, in canonical form: ProtoJSON with its leniencies (enums by number, proto names of fields, null
 * for unset). They never throw: what has the wrong type is passed on as it is.
 */
export const decodeV10 = {
  task,
  message: protocolMessage,
  sendMessageResponse: message(sendMessageResponse),
  streamResponse: message(streamResponse),
  listTasksResponse: message({ tasks: listOf(task), nextPageToken: asIs, pageSize: int32, totalSize: int32 }),
  pushConfig: taskPushNotificationConfig,
  listPushConfigsResponse: message({ configs: listOf(taskPushNotificationConfig), nextPageToken: asIs }),
} satisfies Record<string, Decode>;
