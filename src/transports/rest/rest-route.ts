import type { OperationName, Route } from '../../protocol/operations.js';
import type { Operation } from '../operation.js';

/** An operation at an address, below an agent's url. */
export interface RestRoute extends Route {
  readonly name: OperationName;
  readonly operation: Operation;
  /** The address also exists with a segment for the tenant before it. */
  readonly tenants: boolean;
}
