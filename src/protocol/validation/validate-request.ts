import { isObject } from '../../common/is-object.js';
import type { Decoded, RequestName } from '../codec.interface.js';
import { invalidParams } from '../errors/index.js';
import { DtoChecker } from './dto-checker.js';
import { ANY_STATUS } from './dto/index.js';
import { DEFAULT_MAX_DEPTH, DEFAULT_MAX_VIOLATIONS, type ValidationOptions } from './limits.js';
import { REQUEST_DTOS, type RequestTypes } from './request-types.js';
import { scanJson } from './scan-json.js';
import { Violations } from './violations.js';

/** Made when this file is loaded, before an application can give class-validator a container of its own. */
const CHECKERS: Record<RequestName, DtoChecker> = {
  SendMessage: DtoChecker.of(REQUEST_DTOS.SendMessage),
  GetTask: DtoChecker.of(REQUEST_DTOS.GetTask),
  ListTasks: DtoChecker.of(REQUEST_DTOS.ListTasks),
  CancelTask: DtoChecker.of(REQUEST_DTOS.CancelTask),
  SubscribeToTask: DtoChecker.of(REQUEST_DTOS.SubscribeToTask),
  CreateTaskPushNotificationConfig: DtoChecker.of(REQUEST_DTOS.CreateTaskPushNotificationConfig),
  GetTaskPushNotificationConfig: DtoChecker.of(REQUEST_DTOS.GetTaskPushNotificationConfig),
  ListTaskPushNotificationConfigs: DtoChecker.of(REQUEST_DTOS.ListTaskPushNotificationConfigs),
  DeleteTaskPushNotificationConfig: DtoChecker.of(REQUEST_DTOS.DeleteTaskPushNotificationConfig),
  GetExtendedAgentCard: DtoChecker.of(REQUEST_DTOS.GetExtendedAgentCard),
};

/**
 * The canonical request that a codec decoded, once it is known to be right. It is a new object without unknown fields and
 * without fields that are null; `decoded.value` stays as it is, and what is under `metadata` and `data` is shared with it.
 * A ListTasks for TASK_STATE_UNSPECIFIED comes back without `status`.
 * @throws A2AError INVALID_PARAMS with the offending fields by the client's own paths, `maxViolations` at most. Spec 3.3.2.
 */
export function validateRequest<N extends RequestName>(
  name: N,
  { value, path }: Decoded,
  { maxDepth = DEFAULT_MAX_DEPTH, maxViolations = DEFAULT_MAX_VIOLATIONS }: ValidationOptions = {},
): RequestTypes[N] {
  if (!isObject(value)) throw invalidParams([{ field: 'params', description: 'must be an object' }]);
  const violations = new Violations(maxViolations, path);
  const request = CHECKERS[name].check(value, '', violations);
  scanJson(request, maxDepth, violations);
  if (violations.list.length > 0) throw invalidParams(violations.list);
  if (name === 'ListTasks' && request['status'] === ANY_STATUS) delete request['status'];
  return request as unknown as RequestTypes[N];
}
