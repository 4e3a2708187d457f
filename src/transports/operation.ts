import type { RegisteredAgent } from '../agents/agent-registry.interface.js';
import type { Decoded } from '../protocol/codec.interface.js';
import type { A2AError } from '../protocol/errors/index.js';
import type { OperationName, Requests } from '../protocol/operations.js';
import type { ItemStream, OperationOptions, RequestHandler } from '../request-handler/request-handler.interface.js';
import type { CallContext } from '../security/call-context.js';
import type { PageForm } from '../tasks/list-page.js';
import type { ProtocolVersion } from './protocol-version.js';

export type ValidRequest = Requests[OperationName];

/** A request as the handler takes it, and how its sender names its fields. */
export interface ReadRequest {
  readonly request: ValidRequest;
  readonly path: Decoded['path'];
}

/** Exactly one of the two. A stream's first batch is known. */
export interface Answer {
  readonly result?: object | null;
  readonly stream?: ItemStream;
}

/** A protocol operation in one JSON form: it takes params and returns an encoded result. */
export interface Operation {
  /** In v1.0. */
  readonly name: OperationName;
  readonly version: ProtocolVersion;
  /** It is answered with a stream. */
  readonly streams: boolean;
  /** It may last, so it needs to know when its client leaves. */
  readonly lasting: boolean;
  /** Set on all its answers, including errors. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The form in which list pages are sent, if not JSON. */
  readonly pageForm?: PageForm;
  /** The error for an agent without the capability, whatever the params are. */
  refusal?(agent: RegisteredAgent): A2AError | undefined;
  /**
   * `refine` adds what the params do not contain: the ids in a path.
   * @throws A2AError INVALID_PARAMS
   */
  read(params: unknown, refine?: (decoded: Decoded) => Decoded): ReadRequest;
  /** `v03Blocking`: a v0.3 send without `blocking` waits. */
  run(
    handler: RequestHandler,
    request: ValidRequest,
    context: CallContext,
    options: OperationOptions,
    v03Blocking: boolean,
  ): Promise<unknown>;
  /** From what `run` resolved with, unless it is a stream. */
  encode(result: unknown): object | null;
}
