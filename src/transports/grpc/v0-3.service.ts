import { V03 } from '../../protocol/protobuf/index.js';
import { v03ProtoCodec } from '../../protocol/v0-3-proto/index.js';
import { v03Methods } from '../json-rpc/v0-3.methods.js';
import type { GrpcMethod, GrpcService } from './service.definition.js';

const methods = v03Methods(v03ProtoCodec);

const call = (name: string, request: GrpcMethod['request'], response: GrpcMethod['response']): GrpcMethod => ({
  method: methods[name]!,
  request,
  response,
});

/** The service of v0.3, by the names of its proto. Its messages are in ProtoJSON what HTTP+JSON of v0.3 sends. */
export const V03_SERVICE: GrpcService = {
  name: 'a2a.v1.A2AService',
  version: '0.3',
  methods: {
    SendMessage: call('message/send', V03.SendMessageRequest, V03.SendMessageResponse),
    SendStreamingMessage: call('message/stream', V03.SendMessageRequest, V03.StreamResponse),
    GetTask: call('tasks/get', V03.GetTaskRequest, V03.Task),
    CancelTask: call('tasks/cancel', V03.CancelTaskRequest, V03.Task),
    TaskSubscription: call('tasks/resubscribe', V03.TaskSubscriptionRequest, V03.StreamResponse),
    CreateTaskPushNotificationConfig: call(
      'tasks/pushNotificationConfig/set',
      V03.CreateTaskPushNotificationConfigRequest,
      V03.TaskPushNotificationConfig,
    ),
    GetTaskPushNotificationConfig: call(
      'tasks/pushNotificationConfig/get',
      V03.GetTaskPushNotificationConfigRequest,
      V03.TaskPushNotificationConfig,
    ),
    ListTaskPushNotificationConfig: call(
      'tasks/pushNotificationConfig/list',
      V03.ListTaskPushNotificationConfigRequest,
      V03.ListTaskPushNotificationConfigResponse,
    ),
    DeleteTaskPushNotificationConfig: call(
      'tasks/pushNotificationConfig/delete',
      V03.DeleteTaskPushNotificationConfigRequest,
      V03.Empty,
    ),
    GetAgentCard: call('agent/getAuthenticatedExtendedCard', V03.GetAgentCardRequest, V03.AgentCard),
  },
};
