import { v10Codec } from '../../protocol/v1-0/index.js';
import { operationsOf } from '../operations.js';
import type { RestRoute, RouteRow } from './rest-route.js';

/** Spec 11.3, and the annotations of a2a.proto, which has GET where the text has POST to subscribe. */
const ROWS: readonly RouteRow[] = [
  ['POST', '/message:send', 'SendMessage', 'required'],
  ['POST', '/message:stream', 'SendStreamingMessage', 'required'],
  ['GET', '/tasks', 'ListTasks'],
  ['GET', '/tasks/{id}', 'GetTask'],
  ['POST', '/tasks/{id}:cancel', 'CancelTask', 'optional'],
  ['GET', '/tasks/{id}:subscribe', 'SubscribeToTask'],
  ['POST', '/tasks/{id}:subscribe', 'SubscribeToTask', 'optional'],
  ['GET', '/tasks/{taskId}/pushNotificationConfigs', 'ListTaskPushNotificationConfigs'],
  ['POST', '/tasks/{taskId}/pushNotificationConfigs', 'CreateTaskPushNotificationConfig', 'required'],
  ['GET', '/tasks/{taskId}/pushNotificationConfigs/{id}', 'GetTaskPushNotificationConfig'],
  ['DELETE', '/tasks/{taskId}/pushNotificationConfigs/{id}', 'DeleteTaskPushNotificationConfig'],
  ['GET', '/extendedAgentCard', 'GetExtendedAgentCard'],
];

const operations = operationsOf(v10Codec);

export const V10_ROUTES: readonly RestRoute[] = ROWS.map(([method, path, name, body]) => ({
  method,
  path,
  name,
  operation: operations[name],
  body,
  tenants: true,
}));
