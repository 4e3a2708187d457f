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
  encode: {
    Task: taskToV03,
    Message: messageToV03,
    SendMessageResponse: sendMessageResponseToV03,
    ListTasksResponse: ({ tasks, nextPageToken, pageSize, totalSize }) => ({
      tasks: tasks.map(taskToV03),
      nextPageToken,
      pageSize,
      totalSize,
    }),
    StreamResponse: streamResponseToV03,
    TaskPushNotificationConfig: taskPushConfigToV03,
    // Over JSON-RPC there are no pages: the answer is the list alone.
    ListTaskPushNotificationConfigsResponse: ({ configs }) => configs.map(taskPushConfigToV03),
    AgentCard: toV03Card,
    Empty: () => null,
  },
};
