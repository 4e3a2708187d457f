import type { Operation } from '../operation.js';
import type { OperationName } from '../operations.js';

export type RestMethod = 'GET' | 'POST' | 'DELETE';

/** An operation at an address, below an agent's url. */
export interface RestRoute {
  readonly method: RestMethod;
  /** As the specification writes it: `{name}` takes one segment, and is that member of the request. */
  readonly path: string;
  readonly name: OperationName;
  readonly operation: Operation;
  /** What the rest of the request is read from; without it from the query. */
  readonly body?: 'required' | 'optional';
  /** The address also exists with a segment for the tenant before it. */
  readonly tenants: boolean;
}

export type RouteRow = readonly [
  method: RestMethod,
  path: string,
  name: OperationName,
  body?: NonNullable<RestRoute['body']>,
];
