import type { Messages, RequestMessage, ResponseMessage } from '../../protocol/operations.js';

/** One JSON form of the protocol, from the client's side. */
export interface VersionAdapter {
  readonly version: '1.0' | '0.3';
  /** The request as it goes on the wire, ids included. */
  encode<M extends RequestMessage>(message: M, request: Messages[M]): object;
  /** Reads and checks what came. Throws A2AClientJSONError naming the member that is wrong. */
  decode<M extends ResponseMessage>(message: M, answer: unknown): Messages[M];
}
