import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { CLIENT_LEFT } from '../call-signal.js';

/** A call with one answer, or with a stream of them. Requests are the bytes as they came, answers the bytes as they go. */
export type AnyCall = ServerUnaryCall<Buffer, Buffer> | ServerWritableStream<Buffer, Buffer>;

/** Aborts when the client cancels, its connection is gone or its deadline over; also when the call has had its answer. */
export function callSignal(call: AnyCall): AbortSignal {
  const controller = new AbortController();
  const over = (): void => controller.abort(CLIENT_LEFT);
  if (call.cancelled) over();
  else call.once('cancelled', over);
  return controller.signal;
}
