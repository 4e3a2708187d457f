import { v03ProtoCodec } from '../../protocol/v0-3-proto/index.js';
import { operationsOf } from '../operations.js';
import type { RestRoute, RouteRow } from './rest-route.js';

/** Spec 0.3, 3.5.6, and the annotations of its proto. Requests of v0.3 have no tenant. */
const ROWS: readonly RouteRow[] = [
  ['POST', '/v1/message:send', 'SendMessage', 'required'],
  ['POST', '/v1/message:stream', 'SendStreamingMessage', 'required'],
  ['GET', '/v1/tasks', 'ListTasks'],
  ['GET', '/v1/tasks/{id}', 'GetTask'],
  ['POST', '/v1/tasks/{id}:cancel', 'CancelTask', 'optional'],
  ['GET', '/v1/tasks/{id}:subscribe', 'SubscribeToTask'],
  ['POST', '/v1/tasks/{id}:subscribe', 'SubscribeToTask', 'optional'],
  ['GET', '/v1/tasks/{taskId}/pushNotificationConfigs', 'ListTaskPushNotificationConfigs'],
  ['POST', '/v1/tasks/{taskId}/pushNotificationConfigs', 'CreateTaskPushNotificationConfig', 'required'],
  ['GET', '/v1/tasks/{taskId}/pushNotificationConfigs/{id}', 'GetTaskPushNotificationConfig'],
  ['DELETE', '/v1/tasks/{taskId}/pushNotificationConfigs/{id}', 'DeleteTaskPushNotificationConfig'],
  ['GET', '/v1/card', 'GetExtendedAgentCard'],
];

const operations = operationsOf(v03ProtoCodec);

export const V03_ROUTES: readonly RestRoute[] = ROWS.map(([method, path, name, body]) => ({
  method,
  path,
  name,
  operation: operations[name],
  body,
  tenants: false,
}));
