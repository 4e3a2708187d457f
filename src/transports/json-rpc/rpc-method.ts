import type { Decoded, JsonCodec, RequestName } from '../../protocol/codec.interface.js';
import type { A2AError } from '../../protocol/errors/index.js';
import type { ItemStream, RequestHandler } from '../../request-handler/request-handler.interface.js';
import { type RequestTypes, validateRequest } from '../../request-handler/validation/index.js';
import type { CallContext } from '../../security/call-context.js';
import type { ProtocolVersion } from './rpc-version.js';

/** What a method gets besides its request. */
export interface MethodCall {
  readonly context: CallContext;
  /** Aborts when the client leaves. */
  readonly signal?: AbortSignal;
  readonly lastEventId?: string;
  /** A v0.3 send that says nothing of `blocking` waits. */
  readonly v03Blocking: boolean;
}

type ValidRequest = RequestTypes[RequestName];

/** A method of one version: takes params, gives a result in its own wire's form. */
export interface RpcMethod {
  readonly version: ProtocolVersion;
  /** May last, so that it wants to know when its client leaves. */
  readonly lasting: boolean;
  /** Of its answers, errors too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** @throws A2AError INVALID_PARAMS, or that the method is not supported. */
  validate(params: unknown): ValidRequest;
  /** Either this … */
  answer?(handler: RequestHandler, request: ValidRequest, call: MethodCall): Promise<object>;
  /** … or this. */
  open?(handler: RequestHandler, request: ValidRequest, call: MethodCall): Promise<ItemStream>;
}

type Run<N extends RequestName, R> = (
  handler: RequestHandler,
  request: RequestTypes[N],
  call: MethodCall,
) => Promise<R>;

const validator =
  (codec: JsonCodec, name: RequestName) =>
  (params: unknown): ValidRequest => {
    const decoded: Decoded = codec.decode(name, params);
    return validateRequest(name, decoded);
  };

/** A method with one answer, already encoded. */
export const answering = <N extends RequestName>(
  codec: JsonCodec,
  name: N,
  run: Run<N, object>,
  { lasting = false, headers }: Partial<Pick<RpcMethod, 'lasting' | 'headers'>> = {},
): RpcMethod => ({
  version: codec.version,
  lasting,
  headers,
  validate: validator(codec, name),
  answer: run as RpcMethod['answer'],
});

/** A method with a stream of answers. */
export const streaming = <N extends RequestName>(codec: JsonCodec, name: N, run: Run<N, ItemStream>): RpcMethod => ({
  version: codec.version,
  lasting: true,
  validate: validator(codec, name),
  open: run as RpcMethod['open'],
});

/** A method of the protocol that this server does not have. */
export const unsupported = (version: ProtocolVersion, error: () => A2AError): RpcMethod => ({
  version,
  lasting: false,
  validate: () => {
    throw error();
  },
});
