import type { JsonCodec } from '../../protocol/codec.interface.js';
import { v03Codec } from '../../protocol/v0-3/index.js';
import type { Operation } from '../http/operation.js';
import { operationsOf } from '../http/operations.js';

/** The methods of v0.3 by their JSON-RPC names, in one of its wire forms. Spec 0.3, 3.5.6. */
export function v03Methods(codec: JsonCodec): Readonly<Record<string, Operation>> {
  const operations = operationsOf(codec);
  return {
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
}

/** JSON-RPC methods of v0.3. */
export const V03_METHODS = v03Methods(v03Codec);
