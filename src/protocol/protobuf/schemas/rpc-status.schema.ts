import { field, map, repeated } from '../field.js';
import { bytes, int32, string } from '../field-types.js';
import { message, type MessageType } from '../message.js';
import { duration } from '../times.js';

const TYPE = 'type.googleapis.com/google.rpc.';

/** The details that errors of this server have, by the url of their type. */
const DETAILS: Readonly<Record<string, MessageType>> = {
  [`${TYPE}ErrorInfo`]: message({ reason: field(1, string), domain: field(2, string), metadata: map(3, string) }),
  [`${TYPE}BadRequest`]: message({
    fieldViolations: repeated(1, message({ field: field(1, string), description: field(2, string) })),
  }),
  [`${TYPE}RetryInfo`]: message({ retryDelay: field(1, duration) }),
};

const status = message({
  code: field(1, int32),
  message: field(2, string),
  details: repeated(3, message({ typeUrl: field(1, string), value: field(2, bytes) })),
});

interface RpcStatus {
  readonly code: number;
  readonly message: string;
  /** ProtoJSON, each with an `@type` of the table above. */
  readonly details: readonly object[];
}

/** A `google.rpc.Status`, as the trailer `grpc-status-details-bin` has it. */
export function encodeRpcStatus({ code, message, details }: RpcStatus): Buffer {
  return status.encode({ code, message, details: details.flatMap(packed) });
}

function packed(detail: object): object[] {
  const { '@type': typeUrl } = detail as { '@type'?: unknown };
  const type = typeof typeUrl === 'string' ? DETAILS[typeUrl] : undefined;
  return type ? [{ typeUrl, value: type.encode(detail).toString('base64') }] : [];
}
