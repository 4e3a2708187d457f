import type { Messages, RequestMessage, ResponseMessage } from '../../protocol/operations.js';

/** One JSON form of the protocol, from the client's side. */
export interface VersionAdapter {
  readonly version: '1.0' | '0.3';
  /** The request in its wire form, including ids. */
  encode<M extends RequestMessage>(message: M, request: Messages[M]): object;
  /** Reads and checks an answer. Throws A2AClientJSONError naming the wrong member. */
  decode<M extends ResponseMessage>(message: M, answer: unknown): Messages[M];
}
