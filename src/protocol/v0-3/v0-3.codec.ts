import type { JsonCodec } from '../codec.interface.js';
import { toV03Card } from './card/index.js';
import { taskPushConfigToV03 } from './push-config.js';
import { requestPath } from './request-path.js';
import { messageToV03, sendMessageResponseToV03, streamResponseToV03, taskToV03 } from './to-v0-3.js';
import { V03_REQUESTS } from './v0-3.requests.js';

/** The JSON of v0.3 over JSON-RPC: objects with `kind`, results without a wrapper. */
export const v03Codec: JsonCodec = {
  version: '0.3',
  decode: (request, params) => ({
    value: V03_REQUESTS[request](params),
    path: requestPath(request, params),
  }),
  encodeTask: taskToV03,
  encodeMessage: messageToV03,
  encodeSendMessageResponse: sendMessageResponseToV03,
  encodeListTasksResponse: ({ tasks, nextPageToken, pageSize, totalSize }) => ({
    tasks: tasks.map(taskToV03),
    nextPageToken,
    pageSize,
    totalSize,
  }),
  encodeStreamResponse: streamResponseToV03,
  encodePushConfig: taskPushConfigToV03,
  encodeListPushConfigsResponse: ({ configs }) => configs.map(taskPushConfigToV03),
  encodeEmpty: () => null,
  encodeAgentCard: toV03Card,
};
