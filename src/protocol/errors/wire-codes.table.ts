import type { ErrorReason } from './a2a.error.js';
import type { GrpcStatusName } from './grpc-status.js';

export interface WireCodes {
  readonly jsonRpc: number;
  readonly http: number;
  readonly grpc: GrpcStatusName;
}

/**
 * What each error is called on each wire: the one place that knows. The values of the A2A errors are those of protocol
 * 1.0.1 (spec 5.4); 1.0.0 had other HTTP and gRPC ones for some.
 *
 * The protocol gives the last five no JSON-RPC code. Theirs are -32000 minus the first and last digit of the HTTP status
 * (401 -> -32041), inside the range JSON-RPC leaves to servers and away from the codes the protocol has taken. OVERLOADED shares
 * its status with UNAVAILABLE, and ends with the number of its gRPC status.
 */
export const WIRE_CODES: Readonly<Record<ErrorReason, WireCodes>> = {
  TASK_NOT_FOUND: { jsonRpc: -32001, http: 404, grpc: 'NOT_FOUND' },
  TASK_NOT_CANCELABLE: { jsonRpc: -32002, http: 400, grpc: 'FAILED_PRECONDITION' },
  PUSH_NOTIFICATION_NOT_SUPPORTED: { jsonRpc: -32003, http: 400, grpc: 'FAILED_PRECONDITION' },
  UNSUPPORTED_OPERATION: { jsonRpc: -32004, http: 400, grpc: 'FAILED_PRECONDITION' },
  CONTENT_TYPE_NOT_SUPPORTED: { jsonRpc: -32005, http: 400, grpc: 'INVALID_ARGUMENT' },
  INVALID_AGENT_RESPONSE: { jsonRpc: -32006, http: 500, grpc: 'INTERNAL' },
  EXTENDED_AGENT_CARD_NOT_CONFIGURED: { jsonRpc: -32007, http: 400, grpc: 'FAILED_PRECONDITION' },
  EXTENSION_SUPPORT_REQUIRED: { jsonRpc: -32008, http: 400, grpc: 'FAILED_PRECONDITION' },
  VERSION_NOT_SUPPORTED: { jsonRpc: -32009, http: 400, grpc: 'FAILED_PRECONDITION' },

  PARSE_ERROR: { jsonRpc: -32700, http: 400, grpc: 'INVALID_ARGUMENT' },
  INVALID_REQUEST: { jsonRpc: -32600, http: 400, grpc: 'INVALID_ARGUMENT' },
  METHOD_NOT_FOUND: { jsonRpc: -32601, http: 404, grpc: 'UNIMPLEMENTED' },
  INVALID_PARAMS: { jsonRpc: -32602, http: 400, grpc: 'INVALID_ARGUMENT' },
  INTERNAL: { jsonRpc: -32603, http: 500, grpc: 'INTERNAL' },

  UNAUTHENTICATED: { jsonRpc: -32041, http: 401, grpc: 'UNAUTHENTICATED' },
  PERMISSION_DENIED: { jsonRpc: -32043, http: 403, grpc: 'PERMISSION_DENIED' },
  RESOURCE_EXHAUSTED: { jsonRpc: -32049, http: 429, grpc: 'RESOURCE_EXHAUSTED' },
  OVERLOADED: { jsonRpc: -32058, http: 503, grpc: 'RESOURCE_EXHAUSTED' },
  UNAVAILABLE: { jsonRpc: -32053, http: 503, grpc: 'UNAVAILABLE' },
};
