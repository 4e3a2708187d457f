import type { OperationName, Route } from '../../protocol/operations.js';
import type { Operation } from '../operation.js';

/** An operation at a path below an agent's URL. */
export interface RestRoute extends Route {
  readonly name: OperationName;
  readonly operation: Operation;
  /** The path also exists with a tenant segment before it. */
  readonly tenants: boolean;
}
