import { type MessageType, V03 } from '../../protocol/protobuf/index.js';
import { v03ProtoCodec } from '../../protocol/v0-3-proto/index.js';
import { operationsOf, type OperationName } from '../operations.js';
import type { GrpcMethod, GrpcService } from './service.definition.js';

const operations = operationsOf(v03ProtoCodec);

const call = (name: OperationName, request: MessageType, response: MessageType): GrpcMethod => ({
  operation: operations[name],
  request,
  response,
});

/** The service of v0.3, by the names of its proto. Its messages are in ProtoJSON what HTTP+JSON of v0.3 sends. */
export const V03_SERVICE: GrpcService = {
  name: 'a2a.v1.A2AService',
  methods: {
    SendMessage: call('SendMessage', V03.SendMessageRequest, V03.SendMessageResponse),
    SendStreamingMessage: call('SendStreamingMessage', V03.SendMessageRequest, V03.StreamResponse),
    GetTask: call('GetTask', V03.GetTaskRequest, V03.Task),
    CancelTask: call('CancelTask', V03.CancelTaskRequest, V03.Task),
    TaskSubscription: call('SubscribeToTask', V03.TaskSubscriptionRequest, V03.StreamResponse),
    CreateTaskPushNotificationConfig: call(
      'CreateTaskPushNotificationConfig',
      V03.CreateTaskPushNotificationConfigRequest,
      V03.TaskPushNotificationConfig,
    ),
    GetTaskPushNotificationConfig: call(
      'GetTaskPushNotificationConfig',
      V03.GetTaskPushNotificationConfigRequest,
      V03.TaskPushNotificationConfig,
    ),
    ListTaskPushNotificationConfig: call(
      'ListTaskPushNotificationConfigs',
      V03.ListTaskPushNotificationConfigRequest,
      V03.ListTaskPushNotificationConfigResponse,
    ),
    DeleteTaskPushNotificationConfig: call(
      'DeleteTaskPushNotificationConfig',
      V03.DeleteTaskPushNotificationConfigRequest,
      V03.Empty,
    ),
    GetAgentCard: call('GetExtendedAgentCard', V03.GetAgentCardRequest, V03.AgentCard),
  },
};
