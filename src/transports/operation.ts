import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import type { Decoded, JsonCodec } from '../protocol/codec.interface.js';
import { A2AError, invalidParams } from '../protocol/errors/index.js';
import type { ItemStream, RequestHandler } from '../request-handler/request-handler.interface.js';
import type { OperationName, Requests } from '../protocol/operations.js';
import { validateRequest } from '../protocol/validation/index.js';
import type { CallContext } from '../security/call-context.js';
import type { ProtocolVersion } from './protocol-version.js';

/** What an operation gets besides its request. */
export interface OperationCall {
  readonly context: CallContext;
  /** Aborts when the client leaves. */
  readonly signal?: AbortSignal;
  readonly lastEventId?: string;
  /** A v0.3 send without `blocking` waits. */
  readonly v03Blocking: boolean;
}

/** Runs before the params are read. @throws A2AError what the operation's `refusal` returns */
export function assertSupported({ refusal }: Operation, agent: RegisteredAgent): void {
  const refused = refusal?.(agent);
  if (refused) throw refused;
}

export type ValidRequest = Requests[OperationName];

/** A protocol operation in one JSON form: it takes params and returns an encoded result. */
export interface Operation {
  readonly version: ProtocolVersion;
  /** It may last, so it needs to know when its client leaves. */
  readonly lasting: boolean;
  /** Set on all its answers, including errors. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The error for an agent without the capability, whatever the params are. */
  refusal?(agent: RegisteredAgent): A2AError | undefined;
  /**
   * `refine` adds what the params do not contain: the ids in a path.
   * @throws A2AError INVALID_PARAMS
   */
  validate(params: unknown, refine?: (decoded: Decoded) => Decoded): ValidRequest;
  /** Either this … */
  answer?(handler: RequestHandler, request: ValidRequest, call: OperationCall): Promise<object | null>;
  /** … or this. */
  open?(handler: RequestHandler, request: ValidRequest, call: OperationCall): Promise<ItemStream>;
}

/** How the sender of a request names its fields. */
const paths = new WeakMap<ValidRequest, Decoded['path']>();

export const validator =
  (codec: JsonCodec, name: OperationName): Operation['validate'] =>
  (params, refine) => {
    const sent = codec.decode(name, params);
    const decoded = refine === undefined ? sent : refine(sent);
    const request = validateRequest(name, decoded);
    paths.set(request, decoded.path);
    return request;
  };

/** Translates the field names in a handler's errors from canonical names to the sender's. */
export const inNamesOfSender =
  <R>(run: (handler: RequestHandler, request: ValidRequest, call: OperationCall) => Promise<R>): typeof run =>
  async (handler, request, call) => {
    try {
      return await run(handler, request, call);
    } catch (error) {
      const path = paths.get(request);
      const wrong = error instanceof A2AError && error.reason === 'INVALID_PARAMS' ? error.violations : [];
      if (path === undefined || wrong.length === 0) throw error;
      throw invalidParams(wrong.map(({ field, description }) => ({ field: path(field), description })));
    }
  };
