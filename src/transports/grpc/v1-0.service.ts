import { type MessageType, V10 } from '../../protocol/protobuf/index.js';
import { v10Codec } from '../../protocol/v1-0/index.js';
import { operationsOf, type OperationName } from '../operations.js';
import { GRPC_PAGES } from './grpc-pages.js';
import type { GrpcMethod, GrpcService } from './service.definition.js';

const operations = operationsOf(v10Codec, GRPC_PAGES);

const call = (name: OperationName, request: MessageType, response: MessageType): Record<string, GrpcMethod> => ({
  [name]: { operation: operations[name], request, response },
});

/** The service of v1.0: its calls are named as the operations are. Spec 10.3. */
export const V10_SERVICE: GrpcService = {
  name: 'lf.a2a.v1.A2AService',
  methods: {
    ...call('SendMessage', V10.SendMessageRequest, V10.SendMessageResponse),
    ...call('SendStreamingMessage', V10.SendMessageRequest, V10.StreamResponse),
    ...call('GetTask', V10.GetTaskRequest, V10.Task),
    ...call('ListTasks', V10.ListTasksRequest, V10.ListTasksResponse),
    ...call('CancelTask', V10.CancelTaskRequest, V10.Task),
    ...call('SubscribeToTask', V10.SubscribeToTaskRequest, V10.StreamResponse),
    ...call('CreateTaskPushNotificationConfig', V10.TaskPushNotificationConfig, V10.TaskPushNotificationConfig),
    ...call('GetTaskPushNotificationConfig', V10.GetTaskPushNotificationConfigRequest, V10.TaskPushNotificationConfig),
    ...call(
      'ListTaskPushNotificationConfigs',
      V10.ListTaskPushNotificationConfigsRequest,
      V10.ListTaskPushNotificationConfigsResponse,
    ),
    ...call('DeleteTaskPushNotificationConfig', V10.DeleteTaskPushNotificationConfigRequest, V10.Empty),
    ...call('GetExtendedAgentCard', V10.GetExtendedAgentCardRequest, V10.AgentCard),
  },
};
