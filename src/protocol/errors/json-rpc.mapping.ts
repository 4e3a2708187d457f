import type { JsonObject, JsonValue } from '../model/index.js';
import type { ErrorReason } from './a2a.error.js';
import { errorDetails } from './error-details.js';
import { publicError, type PublicError } from './public-error.js';
import { WIRE_CODES } from './wire-codes.table.js';

/** The `error` member of a JSON-RPC response. */
export interface JsonRpcError {
  code: number;
  message: string;
  data?: JsonValue;
}

export const jsonRpcCode = (reason: ErrorReason): number => WIRE_CODES[reason].jsonRpc;

/**
 * The `error` member of a response. `data` is an array of typed details in v1.0 (spec 9.5) and in v0.3 one object:
 * `reason`, and where there are such `metadata`, `violations` and `retryAfter` (seconds).
 */
export function toJsonRpcError(error: unknown, version: '1.0' | '0.3'): JsonRpcError {
  const known = publicError(error);
  const data = version === '1.0' ? errorDetails(known) : plainData(known);
  return { code: jsonRpcCode(known.reason), message: known.message, data };
}

function plainData({ reason, metadata, violations, retryAfter }: PublicError): JsonObject {
  const data: JsonObject = { reason };
  if (Object.keys(metadata).length > 0) data.metadata = { ...metadata };
  if (violations.length > 0) data.violations = violations.map((violation) => ({ ...violation }));
  if (retryAfter !== undefined) data.retryAfter = retryAfter;
  return data;
}
