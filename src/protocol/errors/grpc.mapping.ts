import type { JsonObject } from '../model/index.js';
import type { ErrorReason } from './a2a.error.js';
import { errorDetails } from './error-details.js';
import { GRPC_STATUS, type GrpcStatusName } from './grpc-status.js';
import { publicError } from './public-error.js';
import { WIRE_CODES } from './wire-codes.table.js';

/** What the gRPC binding makes its trailers of: `details` are ProtoJSON `google.rpc` messages. Spec 10.6. */
export interface GrpcError {
  code: number;
  status: GrpcStatusName;
  message: string;
  details: JsonObject[];
}

export const grpcStatus = (reason: ErrorReason): { code: number; status: GrpcStatusName } => {
  const status = WIRE_CODES[reason].grpc;
  return { code: GRPC_STATUS[status], status };
};

export function toGrpcError(error: unknown): GrpcError {
  const known = publicError(error);
  return { ...grpcStatus(known.reason), message: known.message, details: errorDetails(known) };
}
