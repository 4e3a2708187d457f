import type { Messages, RequestMessage, ResponseMessage } from '../../protocol/operations.js';

/** One JSON form of the protocol, from the client's side, by the names of messages. */
export interface VersionAdapter {
  readonly version: '1.0' | '0.3';
  /** The request as it goes on the wire, ids included. */
  readonly encode: { readonly [M in RequestMessage]: (request: Messages[M]) => object };
  /** Reads and checks what came. Throws A2AClientJSONError naming the member that is wrong. */
  readonly decode: { readonly [M in ResponseMessage]: (answer: unknown) => Messages[M] };
}
