import { isObject } from '../../common/is-object.js';
import type { Decoded } from '../codec.interface.js';
import { invalidParams } from '../errors/index.js';
import { ANY_STATUS } from '../messages/kinds.js';
import { MESSAGES } from '../messages/messages.js';
import { mapOperations, type OperationName, type Requests } from '../operations.js';
import { DtoChecker } from './dto-checker.js';
import { DEFAULT_MAX_DEPTH, DEFAULT_MAX_VIOLATIONS, type ValidationOptions } from './limits.js';
import { scanJson } from './scan-json.js';
import { Violations } from './violations.js';

/** Made when this file is loaded, before an application can give class-validator a container of its own. */
const CHECKERS = mapOperations((_name, { request }) => DtoChecker.of(MESSAGES[request]));

/**
 * The canonical request that a codec decoded, once it is known to be right. It is a new object without unknown fields and
 * without fields that are null; `decoded.value` stays as it is, and what is under `metadata` and `data` is shared with it.
 * A ListTasks for TASK_STATE_UNSPECIFIED comes back without `status`.
 * @throws A2AError INVALID_PARAMS with the offending fields by the client's own paths, `maxViolations` at most. Spec 3.3.2.
 */
export function validateRequest<N extends OperationName>(
  name: N,
  { value, path }: Decoded,
  { maxDepth = DEFAULT_MAX_DEPTH, maxViolations = DEFAULT_MAX_VIOLATIONS }: ValidationOptions = {},
): Requests[N] {
  if (!isObject(value)) throw invalidParams([{ field: 'params', description: 'must be an object' }]);
  const violations = new Violations(maxViolations, path);
  const request = CHECKERS[name].check(value, '', violations);
  scanJson(request, maxDepth, violations);
  if (violations.list.length > 0) throw invalidParams(violations.list);
  if (name === 'ListTasks' && request['status'] === ANY_STATUS) delete request['status'];
  return request as unknown as Requests[N];
}
