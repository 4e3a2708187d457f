import { v03Codec } from '../../protocol/v0-3/index.js';
import type { Operation } from '../operation.js';
import { operationsOf } from '../operations.js';

const operations = operationsOf(v03Codec);

/** JSON-RPC methods of v0.3. Spec 0.3, 3.5.6. */
export const V03_METHODS: Readonly<Record<string, Operation>> = {
  'message/send': operations.SendMessage,
  'message/stream': operations.SendStreamingMessage,
  'tasks/get': operations.GetTask,
  'tasks/cancel': operations.CancelTask,
  'tasks/resubscribe': operations.SubscribeToTask,
  'tasks/pushNotificationConfig/set': operations.CreateTaskPushNotificationConfig,
  'tasks/pushNotificationConfig/get': operations.GetTaskPushNotificationConfig,
  'tasks/pushNotificationConfig/list': operations.ListTaskPushNotificationConfigs,
  'tasks/pushNotificationConfig/delete': operations.DeleteTaskPushNotificationConfig,
  'agent/getAuthenticatedExtendedCard': operations.GetExtendedAgentCard,
};
