import type { JsonCodec } from '../codec.interface.js';
import { toProtoCard } from './card.js';
import { taskPushConfigToProto } from './push-config.js';
import { protoPath } from './request-path.js';
import { PROTO_REQUESTS } from './requests.js';
import { messageToProto, sendMessageResponseToProto, streamResponseToProto, taskToProto } from './to-proto.js';

/**
 * The JSON of v0.3 over HTTP: ProtoJSON of `a2a.v1`. Its prose says that bodies are those of JSON-RPC; servers and
 * clients send this. Decoding takes both.
 */
export const v03ProtoCodec: JsonCodec = {
  version: '0.3',
  decode: (request, params) => ({ value: PROTO_REQUESTS[request](params), path: protoPath(request, params) }),
  encode: {
    Task: taskToProto,
    Message: messageToProto,
    SendMessageResponse: sendMessageResponseToProto,
    // v0.3 describes `GET /v1/tasks` as a list alone.
    ListTasksResponse: ({ tasks }) => tasks.map(taskToProto),
    StreamResponse: streamResponseToProto,
    TaskPushNotificationConfig: taskPushConfigToProto,
    ListTaskPushNotificationConfigsResponse: ({ configs, nextPageToken }) => ({
      configs: configs.map(taskPushConfigToProto),
      nextPageToken,
    }),
    AgentCard: toProtoCard,
    Empty: () => ({}),
  },
};
