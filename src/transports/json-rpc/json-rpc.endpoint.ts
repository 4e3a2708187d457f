import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SafeLogger } from '../../common/safe-logger.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { PulledIterator } from '../../events/pulled.iterator.js';
import { A2AError, contentTypeNotSupported, type ErrorReason, httpStatusOf } from '../../protocol/errors/index.js';
import type { ItemStream } from '../../request-handler/request-handler.interface.js';
import { requestedVersion } from '../requested-version.js';
import { clientSignal } from '../call-signal.js';
import { drainRequest } from '../http/drain-request.js';
import { sendEvents } from '../sse/event-stream.js';
import { activatedExtensions, wantsEventIds } from '../extensions.js';
import { failureHeaders, reportFailure } from '../http/failures.js';
import type { ClientCall } from '../http/client-call.js';
import { sendJson } from '../http/http-reply.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { sendPacedJson } from '../http/paced-json.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { shapeOf } from '../protocol-version.js';
import { type Refusal, HttpRequestReader } from '../http/http-request.reader.js';
import { SseFramer } from '../sse/sse.framer.js';
import { V03_STREAM, V10_STREAM } from '../sse/stream-encoding.js';
import { JsonRpcDispatcher, type RpcOutcome } from './json-rpc.dispatcher.js';
import { errorText, RESULT_SUFFIX, resultPrefix, resultBody } from './rpc-answers.js';

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
    private readonly dispatcher: JsonRpcDispatcher,
    private readonly intake: HttpRequestReader,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** `agentId` undefined: the default agent. Resolves when the answer is sent, or when a stream has begun, which continues by itself. */
  async handle(agentId: string | undefined, request: PlatformRequest, response: PlatformResponse): Promise<void> {
    const req = rawRequest(request);
    const res = rawResponse(response);
    const agent = this.intake.agent(agentId);
    if ('error' in agent) return this.#refuse(req, res, agent);
    const call = this.intake.begin(request, res);
    if ('error' in call) return this.#refuse(req, res, call);
    const body = await this.intake.jsonBody(req, NOT_JSON, call);
    if (body === undefined) return void res.destroy();
    if ('error' in body) return this.#refuse(req, res, body);
    const url = req.url ?? '';
    const outcome = await this.dispatcher.dispatch({ agent, request, url, body, signal: () => clientSignal(res) });
    const headers = { ...outcome.headers, ...activatedExtensions(req.headers, agent.options.extensions) };
    const numbered = wantsEventIds(outcome.version, req.headers, agent.options.extensions);
    if (outcome.stream !== undefined || opensWithError(outcome, req.headers.accept))
      return this.#events(call, agent, { ...outcome, numbered }, headers);
    this.#answer(call, agent, outcome, headers);
  }

  #answer(call: ClientCall, agent: RegisteredAgent, outcome: RpcOutcome, headers: Record<string, string>): void {
    const { id, result } = outcome;
    if (result === undefined) return this.#fail(call.response, agent, outcome, headers);
    try {
      sendPacedJson(call, 200, resultBody(id, result), headers);
    } catch (error) {
      this.#fail(call.response, agent, { ...outcome, error }, headers);
    }
  }

  #fail(
    res: ServerResponse,
    agent: RegisteredAgent,
    { id, version, error }: RpcOutcome,
    headers: Record<string, string>,
  ): void {
    if (!res.destroyed) reportFailure(this.#logger, error, agent);
    const status = statusOf(error);
    const more = failureHeaders(error, status, res, agent);
    return sendJson(res, status, errorText(id, error, version), { ...headers, ...more });
  }

  /** A stream, or an error sent as its only event. */
  #events(
    call: ClientCall,
    agent: RegisteredAgent,
    { id, version, error, numbered, stream = failing(error) }: RpcOutcome & { readonly numbered: boolean },
    headers: Record<string, string>,
  ): void {
    // Not awaited: a caller that waited for the end would hold what the request needed until then.
    void sendEvents(call, stream, {
      encoding: ENCODINGS[version],
      framer: new SseFramer(resultPrefix(id), RESULT_SUFFIX),
      failure: (error) => {
        reportFailure(this.#logger, error, agent);
        return FAILURES.frame({ body: Buffer.from(errorText(id, error, version)) });
      },
      numbered,
      keepAliveMs: this.options.keepAliveMs,
      headers,
      refuse: (error) => this.#fail(call.response, agent, { id, version, error }, headers),
    });
  }

  #refuse(req: IncomingMessage, res: ServerResponse, { status, error }: Refusal): void {
    const text = errorText(null, error, shapeOf(requestedVersion(req.headers, req.url ?? '')));
    sendJson(res, status, text, failureHeaders(error, status, res));
    drainRequest(req, this.options.bodyLimitBytes);
  }
}

/**
 * v0.3 clients that accept only an event stream would ignore any other answer and not see the error. v1.0 clients learn from the media type
 * that there is no stream.
 */
const opensWithError = ({ opens, error, version }: RpcOutcome, accept = ''): boolean =>
  opens === true && version === '0.3' && statusOf(error) === 200 && /^\s*text\/event-stream\s*(;[^,]*)?$/i.test(accept);

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
