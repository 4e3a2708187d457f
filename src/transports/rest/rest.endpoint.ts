import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SafeLogger } from '../../common/safe-logger.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { contentTypeNotSupported, httpStatusOf, invalidRequest } from '../../protocol/errors/index.js';
import { requestedVersion } from '../requested-version.js';
import type { ClientCall } from '../http/client-call.js';
import { clientSignal } from '../call-signal.js';
import { drainRequest } from '../http/drain-request.js';
import { sendEvents } from '../sse/event-stream.js';
import { activatedExtensions, wantsEventIds } from '../extensions.js';
import { failureHeaders, reportFailure } from '../http/failures.js';
import type { AnswerBody } from '../http/http-reply.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { shapeOf } from '../protocol-version.js';
import { type Refusal, HttpRequestReader } from '../http/http-request.reader.js';
import { responseJson } from '../task-response.js';
import { SseFramer } from '../sse/sse.framer.js';
import { V03_PROTO_STREAM, V10_STREAM } from '../sse/stream-encoding.js';
import { allowedMethods, routeFor } from './allowed-methods.js';
import { type AnswerForm, errorText, failureEvent, sendAnswer, sendResult } from './rest-answers.js';
import type { AddressParts, RestAddress } from './rest-address.js';
import type { RestRoute } from './rest-route.js';
import { RestDispatcher } from './rest.dispatcher.js';

const ENCODINGS = { '1.0': V10_STREAM, '0.3': V03_PROTO_STREAM };
const EVENTS = new SseFramer();

/** One request: its caller, its route, and the form of its answer. */
interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly form: AnswerForm;
}

/** HTTP+JSON. Success is HTTP 200. Errors have the status of the one error table, and a body in the requested version. */
@Injectable()
export class RestEndpoint {
  readonly #logger = new SafeLogger('A2A');

  constructor(
    private readonly dispatcher: RestDispatcher,
    private readonly intake: HttpRequestReader,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** Resolves when the answer is sent, or when a stream has begun, which continues by itself. */
  async handle(
    address: RestAddress,
    parts: AddressParts,
    request: PlatformRequest,
    response: PlatformResponse,
  ): Promise<void> {
    const req = rawRequest(request);
    const res = rawResponse(response);
    const url = req.url ?? '';
    const asked = requestedVersion(req.headers, url);
    const version = asked.asked === undefined ? address.version : shapeOf(asked);
    const exchange: Exchange = { req, res, form: { version, accept: req.headers.accept } };

    const agent = this.intake.agent(parts.agent);
    if ('error' in agent) return this.#refuse(exchange, agent);
    const route = routeFor(parts.routes, req.method);
    if (route === undefined) return this.#refuse(exchange, WRONG_METHOD, { allow: allowedMethods(parts.routes) });
    const headers = { ...route.operation.headers, ...activatedExtensions(req.headers, agent.options.extensions) };
    try {
      this.dispatcher.checkVersion(route, asked);
      const counted = this.intake.begin(request, res);
      if ('error' in counted) return this.#refuse(exchange, counted);
      const body = await this.#body(route, req, counted);
      if (body === undefined) return void res.destroy();
      if ('error' in body) return this.#refuse(exchange, body);
      const call = { agent, request, url, parts, body, signal: () => clientSignal(res) };
      const { result, stream } = await this.dispatcher.dispatch(route, call);
      if (stream === undefined) return sendResult(counted, exchange.form, restBody(result), headers);
      // Not awaited: a caller that waited for the end would hold what the request needed until then.
      void sendEvents(counted, stream, {
        encoding: ENCODINGS[version],
        framer: EVENTS,
        numbered: wantsEventIds(version, req.headers, agent.options.extensions),
        failure: (error) => {
          reportFailure(this.#logger, error, agent);
          return failureEvent(error, version);
        },
        keepAliveMs: this.options.keepAliveMs,
        headers,
        refuse: (error) => this.#fail(exchange, error, agent, headers),
      });
    } catch (error) {
      this.#fail(exchange, error, agent, headers);
    }
  }

  async #body(route: RestRoute, req: IncomingMessage, call: ClientCall): Promise<Buffer | Refusal | undefined> {
    const expected = route.body === 'required' || (route.body === 'optional' && hasBody(req));
    return expected ? this.intake.jsonBody(req, NOT_JSON, call) : NO_BODY;
  }

  #fail({ req, res, form }: Exchange, error: unknown, agent: RegisteredAgent, headers: Record<string, string>): void {
    if (!res.destroyed) reportFailure(this.#logger, error, agent);
    const status = httpStatusOf(error);
    const more = failureHeaders(error, status, res, agent);
    sendAnswer(res, form, status, errorText(error, form.version), { ...headers, ...more });
    drainRequest(req, this.options.bodyLimitBytes);
  }

  #refuse({ req, res, form }: Exchange, { status, error }: Refusal, headers: Record<string, string> = {}): void {
    const more = failureHeaders(error, status, res);
    sendAnswer(res, form, status, errorText(error, form.version, status), { ...headers, ...more });
    drainRequest(req, this.options.bodyLimitBytes);
  }
}

const restBody = (result: object | null | undefined): AnswerBody => {
  const json = responseJson(result ?? null);
  return typeof json === 'string' ? json : [json];
};

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const NO_BODY = Buffer.alloc(0);
const NOT_JSON = contentTypeNotSupported('The Content-Type must be application/a2a+json or application/json.');
const WRONG_METHOD: Refusal = {
  status: 405,
  error: invalidRequest('The method is not allowed here: see the header Allow.'),
};
