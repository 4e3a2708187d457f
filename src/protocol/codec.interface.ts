import type { Message } from './model/index.js';
import type { Messages, OperationName, ResponseMessage } from './operations.js';

/** A wire's request turned into an object of canonical (v1.0) form; its types are not checked yet. */
export interface Decoded {
  readonly value: unknown;
  /** Turns a canonical path (`message.parts[0].url`) into the client's (`message.parts[0].file.uri`). */
  readonly path: (canonical: string) => string;
}

/** Writes what is of canonical form. `final`: it ends its stream; v0.3 puts that on a status update. */
export type Encoders = {
  readonly [M in Exclude<ResponseMessage, 'StreamResponse' | 'Empty'>]: (value: Messages[M]) => object;
} & {
  readonly Message: (message: Message) => object;
  readonly StreamResponse: (response: Messages['StreamResponse'], final: boolean) => object;
  /** An answer without content. v0.3 over JSON-RPC says null. */
  readonly Empty: () => object | null;
};

/**
 * One JSON form of the protocol. Decoding never throws: what has the wrong type is passed on as it is, so that validation
 * names it. Encoding returns new objects and shares `metadata` and `data` values unchanged.
 */
export interface JsonCodec {
  readonly version: '1.0' | '0.3';
  decode(operation: OperationName, params: unknown): Decoded;
  /** By the names of messages. */
  readonly encode: Encoders;
}
