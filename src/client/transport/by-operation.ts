import { type OperationName, OPERATIONS, type Requests, type Responses } from '../../protocol/operations.js';
import type { VersionAdapter } from './version-adapter.interface.js';

/** The request of an operation in its wire form. */
export const encoded = <O extends OperationName>(adapter: VersionAdapter, operation: O, request: Requests[O]): object =>
  adapter.encode(OPERATIONS[operation].request, request);

/** The answer to an operation, checked. @throws A2AClientJSONError naming the wrong member. */
export const decoded = <O extends OperationName>(
  adapter: VersionAdapter,
  operation: O,
  answer: unknown,
): Responses[O] => adapter.decode(OPERATIONS[operation].response, answer) as Responses[O];
