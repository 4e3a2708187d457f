import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { contentTypeNotSupported } from '../../protocol/errors/index.js';
import { CallObserver } from '../call.observer.js';
import type { ClientCall } from '../http/client-call.js';
import { sendEvents } from '../sse/event-stream.js';
import { activatedExtensions, wantsEventIds } from '../extensions.js';
import type { AnswerBody } from '../http/http-reply.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { requestedVersion, shapeOf } from '../protocol-version.js';
import { type Refusal, HttpRequestReader } from '../http/http-request.reader.js';
import { responseJson } from '../task-response.js';
import { SseFramer } from '../sse/sse.framer.js';
import { V03_PROTO_STREAM, V10_STREAM } from '../sse/stream-encoding.js';
import { allowedMethods, routeFor } from './allowed-methods.js';
import { failureEvent, sendResult, wrongMethod } from './rest-answers.js';
import type { AddressParts, RestAddress } from './rest-address.js';
import type { RestRoute } from './rest-route.js';
import { RestDispatcher } from './rest.dispatcher.js';
import { type Exchange, RestFailures } from './rest-failures.js';

const ENCODINGS = { '1.0': V10_STREAM, '0.3': V03_PROTO_STREAM };
const EVENTS = new SseFramer();

/** HTTP+JSON. Success is HTTP 200. Errors have the status of the one error table, and a body in the requested version. */
@Injectable()
export class RestEndpoint {
  constructor(
    private readonly dispatcher: RestDispatcher,
    private readonly intake: HttpRequestReader,
    private readonly failures: RestFailures,
    private readonly observer: CallObserver,
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
    const agent = this.intake.agent(parts.agent, req, res);
    const known = 'error' in agent ? undefined : agent.id;
    const observed = this.observer.http({ binding: 'rest', version, agent: known, request }, req, res);
    const exchange: Exchange = { req, res, form: { version, accept: req.headers.accept }, observed };

    if ('error' in agent) return this.failures.refuse(exchange, agent);
    const identifying = this.intake.identify(request, res, agent);
    const refused = identifying && (await identifying);
    if (refused === 'gone') return;
    if (refused) return this.failures.refuse(exchange, refused);
    const route = routeFor(parts.routes, req.method);
    if (route === undefined)
      return this.failures.refuse(exchange, wrongMethod, { allow: allowedMethods(parts.routes) });
    observed.called(route.operation);
    const headers = { ...route.operation.headers, ...activatedExtensions(req.headers, agent.options.extensions) };
    try {
      this.dispatcher.checkVersion(route, asked);
      const begun = this.intake.begin(request, res);
      const counted = begun instanceof Promise ? await begun : begun;
      if (counted === 'gone') return;
      if ('error' in counted) return this.failures.refuse(exchange, counted);
      const body = await this.#body(route, req, counted);
      if (body === undefined) return void res.destroy();
      if ('error' in body) return this.failures.refuse(exchange, body);
      const call = { agent, request, observed, url, parts, body, client: counted };
      const { result, stream } = await this.dispatcher.dispatch(route, call);
      if (stream === undefined) return sendResult(counted, exchange.form, restBody(result), headers);
      // Not awaited: a caller that waited for the end would hold what the request needed until then.
      void sendEvents(counted, stream, {
        encoding: ENCODINGS[version],
        framer: EVENTS,
        numbered: wantsEventIds(version, req.headers, agent.options.extensions),
        failure: (error) => {
          observed.failed(error);
          this.failures.report(error, agent);
          return failureEvent(error, version);
        },
        keepAliveMs: this.options.keepAliveMs,
        headers,
        refuse: (error) => this.failures.fail(exchange, error, agent, headers),
      });
    } catch (error) {
      this.failures.fail(exchange, error, agent, headers);
    }
  }

  async #body(route: RestRoute, req: IncomingMessage, call: ClientCall): Promise<Buffer | Refusal | undefined> {
    const expected = route.body === 'required' || (route.body === 'optional' && hasBody(req));
    return expected ? this.intake.jsonBody(req, NOT_JSON, call) : NO_BODY;
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
