import type { StatusObject } from '@grpc/grpc-js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { toGrpcError } from '../../protocol/errors/index.js';
import { encodeRpcStatus } from '../../protocol/protobuf/index.js';
import { challengeFor } from '../http/failures.js';
import { metadataOf } from './server-call.js';
import type { Grpc } from './load-grpc.js';

/**
 * Peers may accept no more than 8 KiB of metadata, trailers of proxies included. Details are sent in base64, strings
 * percent-encoded.
 */
const MAX_DETAILS_BYTES = 4096;
const MAX_MESSAGE_LENGTH = 512;

const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

/** The status of a failed call: code, message, and a google.rpc.Status in `grpc-status-details-bin`. Spec 10.6. */
export function statusOf(grpc: Grpc, error: unknown, headers: Readonly<Record<string, string>> = {}): StatusObject {
  const { code, message, details } = toGrpcError(error);
  const text =
    message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH).toWellFormed()}…` : message;
  const metadata = metadataOf(grpc, headers);
  metadata.set('grpc-status-details-bin', bounded({ code, message: text, details }));
  // The library percent-encodes it, and throws for halves of surrogate pairs.
  return { code, details: text.toWellFormed(), metadata };
}

/** The same, with a challenge for unauthenticated callers. */
export const failureOf = (grpc: Grpc, error: unknown, agent: RegisteredAgent | undefined): StatusObject =>
  statusOf(grpc, error, challengeFor(error, agent));

/** Leaves out violations, the last ones first, until the rest fits. */
function bounded({ code, message, details }: Parameters<typeof encodeRpcStatus>[0]): Buffer {
  const encoded = encodeRpcStatus({ code, message, details });
  if (encoded.length <= MAX_DETAILS_BYTES) return encoded;
  const shorter = details.flatMap((detail) => {
    const { '@type': type, fieldViolations } = detail as { '@type': string; fieldViolations?: unknown[] };
    if (type !== BAD_REQUEST || fieldViolations === undefined) return [detail];
    return fieldViolations.length > 1 ? [{ ...detail, fieldViolations: fieldViolations.slice(0, -1) }] : [];
  });
  const same = shorter.length === details.length && shorter.every((detail, i) => detail === details[i]);
  return same ? encodeRpcStatus({ code, message, details: [] }) : bounded({ code, message, details: shorter });
}
