import type { Decoded, JsonCodec, RequestName } from '../../protocol/codec.interface.js';
import type { A2AError } from '../../protocol/errors/index.js';
import type { ItemStream, RequestHandler } from '../../request-handler/request-handler.interface.js';
import { type RequestTypes, validateRequest } from '../../request-handler/validation/index.js';
import type { CallContext } from '../../security/call-context.js';
import type { ProtocolVersion } from './protocol-version.js';

/** What an operation gets besides its request. */
export interface OperationCall {
  readonly context: CallContext;
  /** Aborts when the client leaves. */
  readonly signal?: AbortSignal;
  readonly lastEventId?: string;
  /** A v0.3 send that says nothing of `blocking` waits. */
  readonly v03Blocking: boolean;
}

export type ValidRequest = RequestTypes[RequestName];

/** An operation of the protocol in one JSON form: takes params, gives a result that is encoded already. */
export interface Operation {
  readonly version: ProtocolVersion;
  /** May last, so that it wants to know when its client leaves. */
  readonly lasting: boolean;
  /** Of its answers, errors too. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * `refine` adds what the params do not say: the ids of an address.
   * @throws A2AError INVALID_PARAMS, or that the operation is not supported.
   */
  validate(params: unknown, refine?: (decoded: Decoded) => Decoded): ValidRequest;
  /** Either this … */
  answer?(handler: RequestHandler, request: ValidRequest, call: OperationCall): Promise<object>;
  /** … or this. */
  open?(handler: RequestHandler, request: ValidRequest, call: OperationCall): Promise<ItemStream>;
}

type Run<N extends RequestName, R> = (
  handler: RequestHandler,
  request: RequestTypes[N],
  call: OperationCall,
) => Promise<R>;

const validator =
  (codec: JsonCodec, name: RequestName): Operation['validate'] =>
  (params, refine) => {
    const decoded = codec.decode(name, params);
    return validateRequest(name, refine === undefined ? decoded : refine(decoded));
  };

/** An operation with one answer. */
export const answering = <N extends RequestName>(
  codec: JsonCodec,
  name: N,
  run: Run<N, object>,
  { lasting = false, headers }: Partial<Pick<Operation, 'lasting' | 'headers'>> = {},
): Operation => ({
  version: codec.version,
  lasting,
  headers,
  validate: validator(codec, name),
  answer: run as Operation['answer'],
});

/** An operation with a stream of answers. */
export const streaming = <N extends RequestName>(codec: JsonCodec, name: N, run: Run<N, ItemStream>): Operation => ({
  version: codec.version,
  lasting: true,
  validate: validator(codec, name),
  open: run as Operation['open'],
});

/** An operation of the protocol that this server does not have. */
export const unsupported = (version: ProtocolVersion, error: () => A2AError): Operation => ({
  version,
  lasting: false,
  validate: () => {
    throw error();
  },
});
