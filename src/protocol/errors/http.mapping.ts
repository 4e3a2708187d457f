import type { JsonObject } from '../model/index.js';
import type { ErrorReason } from './a2a.error.js';
import { errorDetails } from './error-details.js';
import { publicError } from './public-error.js';
import { WIRE_CODES } from './wire-codes.table.js';

/** An error of the HTTP+JSON binding: AIP-193, a `google.rpc.Status` under `error`. Spec 11.6. */
export interface HttpErrorBody {
  error: { code: number; status: string; message: string; details: JsonObject[] };
}

export const httpStatus = (reason: ErrorReason): number => WIRE_CODES[reason].http;

/** The status of whatever was thrown. */
export const httpStatusOf = (error: unknown): number => httpStatus(publicError(error).reason);

/** The body; its `error.code` is the HTTP status to answer with. */
export function toHttpErrorBody(error: unknown): HttpErrorBody {
  const known = publicError(error);
  const { http, grpc } = WIRE_CODES[known.reason];
  return { error: { code: http, status: grpc, message: known.message, details: errorDetails(known) } };
}
