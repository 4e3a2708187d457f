import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SafeLogger } from '../../common/safe-logger.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { PulledIterator } from '../../events/pulled.iterator.js';
import {
  A2AError,
  contentTypeNotSupported,
  type ErrorReason,
  httpStatusOf,
  methodNotFound,
} from '../../protocol/errors/index.js';
import type { ItemStream } from '../../request-handler/request-handler.interface.js';
import { activatedExtensions, wantsEventIds } from '../extensions.js';
import type { ClientCall } from '../http/client-call.js';
import { drainRequest } from '../http/drain-request.js';
import { failureHeaders, reportFailure } from '../http/failures.js';
import { sendJson, sendPacedJson } from '../http/http-reply.js';
import { CallObserver } from '../call.observer.js';
import { type Refusal, HttpRequestReader } from '../http/http-request.reader.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { parseJsonBody } from '../http/json-body.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import type { Answer, Operation } from '../operation.js';
import type { ObservedCall } from '../observed-call.js';
import { type HttpCall, OperationRunner } from '../operation.runner.js';
import { assertSupported } from '../operations.js';
import { assertServed, assertVersion, type ProtocolVersion, requestedVersion, shapeOf } from '../protocol-version.js';
import { sendEvents } from '../sse/event-stream.js';
import { SseFramer } from '../sse/sse.framer.js';
import { V03_STREAM, V10_STREAM } from '../sse/stream-encoding.js';
import { errorText, readEnvelope, RESULT_SUFFIX, resultBody, resultPrefix, type RpcId } from './envelope.js';
import { V03_METHODS, V10_METHODS } from './json-rpc.methods.js';

const METHODS: ReadonlyMap<string, Operation> = new Map(Object.entries({ ...V10_METHODS, ...V03_METHODS }));

/** The outcome of a call: exactly one of result, stream and error. */
interface RpcOutcome extends Answer {
  readonly id: RpcId;
  readonly version: ProtocolVersion;
  readonly observed: ObservedCall;
  /** Of the method; undefined while that is not known. */
  readonly operation?: Operation;
  readonly error?: unknown;
}

const FAILURES = new SseFramer();
const ENCODINGS = { '1.0': V10_STREAM, '0.3': V03_STREAM };

/**
 * JSON-RPC over HTTP. What JSON-RPC can express is answered with HTTP 200. Other statuses report failures below it: 400 not JSON, 401 and
 * 403 (JSON-RPC has no codes for them), 404 no such agent, 408 a body that did not arrive in time, 413 too large, 415 compressed, 503 what
 * another replica may answer at once. The body is always a JSON-RPC error.
 */
@Injectable()
export class JsonRpcEndpoint {
  readonly #logger = new SafeLogger('A2A');

  constructor(
    private readonly runner: OperationRunner,
    private readonly intake: HttpRequestReader,
    private readonly observer: CallObserver,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** `agentId` undefined: the default agent. Resolves when the answer is sent, or when a stream has begun, which continues by itself. */
  async handle(agentId: string | undefined, request: PlatformRequest, response: PlatformResponse): Promise<void> {
    const req = rawRequest(request);
    const res = rawResponse(response);
    const agent = this.intake.agent(agentId, req, res);
    const version = shapeOf(requestedVersion(req.headers, req.url ?? ''));
    const known = 'error' in agent ? undefined : agent.id;
    const observed = this.observer.http({ binding: 'jsonrpc', version, agent: known, request }, req, res);
    const refuse = (refusal: Refusal): void => {
      observed.failed(refusal.error);
      this.#refuse(req, res, refusal, version);
    };
    if ('error' in agent) return refuse(agent);
    const identifying = this.intake.identify(request, res, agent);
    const refused = identifying && (await identifying);
    if (refused === 'gone') return;
    if (refused) return refuse(refused);
    const begun = this.intake.begin(request, res);
    const call = begun instanceof Promise ? await begun : begun;
    if (call === 'gone') return;
    if ('error' in call) return refuse(call);
    const body = await this.intake.jsonBody(req, NOT_JSON, call);
    if (body === undefined) return void res.destroy();
    if ('error' in body) return refuse(body);
    const outcome = await this.#outcome(body, { agent, request, client: call, observed });
    const { extensions } = agent.options;
    const headers = { ...outcome.operation?.headers, ...activatedExtensions(req.headers, extensions) };
    if (outcome.result !== undefined) return this.#answer(call, agent, outcome, headers);
    if (outcome.stream === undefined && !opensWithError(outcome, req.headers.accept))
      return this.#fail(res, agent, outcome, headers);
    const numbered = wantsEventIds(outcome.version, req.headers, extensions);
    this.#events(call, agent, { numbered, ...outcome }, headers);
  }

  /** Never rejects: a failure is the outcome's `error`. A stream's first batch is known when it resolves. */
  async #outcome(body: Buffer, call: HttpCall): Promise<RpcOutcome> {
    const { agent, request, observed } = call;
    const asked = requestedVersion(request.headers, rawRequest(request).url ?? '');
    let version = shapeOf(asked);
    let id: RpcId = null;
    let operation: Operation | undefined;
    try {
      const envelope = readEnvelope(parseJsonBody(body, this.options.maxRequestValues));
      id = envelope.id;
      if (envelope.error) throw envelope.error;
      operation = METHODS.get(envelope.method);
      if (operation === undefined) {
        assertServed(asked);
        throw methodNotFound(envelope.method);
      }
      observed.called(operation);
      if (asked.asked === undefined) version = operation.version;
      assertVersion(asked, operation.version, this.options.lenientVersion, `${envelope.method} is a method`);
      assertSupported(operation, agent);
      const read = operation.read(envelope.params ?? {});
      if (envelope.notification) throw envelope.notification;
      const answer = await this.runner.run(operation, read, call);
      return { id, version, operation, observed, ...answer };
    } catch (error) {
      observed.failed(error);
      return { id, version, operation, observed, error };
    }
  }

  #answer(call: ClientCall, agent: RegisteredAgent, outcome: RpcOutcome, headers: Record<string, string>): void {
    try {
      sendPacedJson(call, 200, resultBody(outcome.id, outcome.result ?? null), headers);
    } catch (error) {
      this.#fail(call.response, agent, { ...outcome, error }, headers);
    }
  }

  #fail(
    res: ServerResponse,
    agent: RegisteredAgent,
    { id, version, error, observed }: RpcOutcome,
    headers: Record<string, string>,
  ): void {
    observed.failed(error);
    if (!res.destroyed) reportFailure(this.#logger, error, agent);
    const status = statusOf(error);
    const more = failureHeaders(error, res, agent);
    return sendJson(res, status, errorText(id, error, version), { ...headers, ...more });
  }

  /** A stream, or an error sent as its only event. */
  #events(
    call: ClientCall,
    agent: RegisteredAgent,
    { id, version, error, observed, numbered, stream = failing(error) }: RpcOutcome & { readonly numbered: boolean },
    headers: Record<string, string>,
  ): void {
    // Not awaited: a caller that waited for the end would hold what the request needed until then.
    void sendEvents(call, stream, {
      encoding: ENCODINGS[version],
      framer: new SseFramer(resultPrefix(id), RESULT_SUFFIX),
      failure: (error) => {
        observed.failed(error);
        reportFailure(this.#logger, error, agent);
        return FAILURES.frame({ body: Buffer.from(errorText(id, error, version)) });
      },
      numbered,
      keepAliveMs: this.options.keepAliveMs,
      headers,
      refuse: (error) => this.#fail(call.response, agent, { id, version, error, observed }, headers),
    });
  }

  #refuse(req: IncomingMessage, res: ServerResponse, { status, error }: Refusal, version: ProtocolVersion): void {
    const text = errorText(null, error, version);
    sendJson(res, status, text, failureHeaders(error, res));
    drainRequest(req, this.options.bodyLimitBytes);
  }
}

/**
 * v0.3 clients that accept only an event stream would ignore any other answer and not see the error. v1.0 clients learn from the media type
 * that there is no stream.
 */
const opensWithError = ({ operation, error, version }: RpcOutcome, accept = ''): boolean =>
  operation?.streams === true &&
  version === '0.3' &&
  statusOf(error) === 200 &&
  /^\s*text\/event-stream\s*(;[^,]*)?$/i.test(accept);

/** A stream that contains only its error. */
const failing = (error: unknown): ItemStream =>
  new PulledIterator(
    () => Promise.reject(error),
    () => Promise.resolve(),
  );

/** Clients read the status to learn that they must authenticate, proxies to learn that they should try another replica. */
const TOLD_BY_STATUS = new Set<ErrorReason>(['UNAUTHENTICATED', 'PERMISSION_DENIED', 'UNAVAILABLE', 'OVERLOADED']);

const statusOf = (error: unknown): number =>
  error instanceof A2AError && TOLD_BY_STATUS.has(error.reason) ? httpStatusOf(error) : 200;

const NOT_JSON = contentTypeNotSupported('Incompatible content types: the Content-Type must be application/json.');
