import { Inject, Injectable, type MessageEvent } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { EMPTY, type Observable } from 'rxjs';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { CallObserver } from '../call.observer.js';
import { activatedExtensions } from '../extensions.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from '../http/http-transport.options.js';
import { HttpRequestReader, type Refusal } from '../http/http-request.reader.js';
import { type PlatformRequest, type PlatformResponse, rawRequest, rawResponse } from '../http/platform.js';
import { OperationRunner } from '../operation.runner.js';
import { assertServed, requestedVersion, shapeOf } from '../protocol-version.js';
import { queryParameters } from '../rest/query-parameters.js';
import type { AddressParts } from '../rest/rest-address.js';
import { failureEvent, wrongMethod } from '../rest/rest-answers.js';
import { type Exchange, RestFailures } from '../rest/rest-failures.js';
import { withinAddress } from '../rest/within-address.js';
import { sendNothing } from '../sse/event-stream.js';
import { EVENTS_ADDRESS, EVENTS_IN } from './events-address.js';
import { pacedEvents } from './paced-events.js';
import { wireEvents } from './wire-events.js';

/**
 * The events of a task for an `EventSource`. It cannot send headers at first, so the version and the position are query parameters too.
 * Errors are those of HTTP+JSON.
 */
@Injectable()
export class EventSourceEndpoint {
  constructor(
    private readonly runner: OperationRunner,
    private readonly intake: HttpRequestReader,
    private readonly failures: RestFailures,
    private readonly observer: CallObserver,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: HttpTransportOptions,
  ) {}

  /** Empty: the response was sent, with an error or with 204. */
  async open(
    parts: AddressParts,
    request: PlatformRequest,
    response: PlatformResponse,
  ): Promise<Observable<MessageEvent>> {
    const [req, res] = [rawRequest(request), rawResponse(response)];
    const agent = this.intake.agent(parts.agent, req, res);
    const exchange = this.#exchangeOf(request, res, agent);
    const { form, observed } = exchange;
    if ('error' in agent) return emptyAfter(this.failures.refuse(exchange, agent));
    const identifying = this.intake.identify(request, res, agent);
    const refused = identifying && (await identifying);
    if (refused === 'gone') return EMPTY;
    if (refused) return emptyAfter(this.failures.refuse(exchange, refused));
    // Routers pass HEAD to the handler of GET.
    if (req.method !== 'GET') return emptyAfter(this.failures.refuse(exchange, wrongMethod, ALLOWED));
    const headers = activatedExtensions(req.headers, agent.options.extensions);
    try {
      const url = req.url ?? '';
      assertServed(requestedVersion(req.headers, url));
      const begun = this.intake.begin(request, res);
      const call = begun instanceof Promise ? await begun : begun;
      if (call === 'gone') return EMPTY;
      if ('error' in call) return emptyAfter(this.failures.refuse(exchange, call));
      const operation = EVENTS_IN[form.version];
      observed.called(operation);
      const query = queryParameters(url);
      const read = operation.read(query, withinAddress({ ...parts.values, tenant: parts.tenant }));
      const after = typeof query['after'] === 'string' ? query['after'] : undefined;
      const { stream } = await this.runner.run(operation, read, {
        agent,
        request,
        observed,
        client: call,
        eventSource: { after },
      });
      if (stream!.empty) return emptyAfter(await sendNothing(res, stream!, headers));
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      return pacedEvents(call, stream!, {
        encode: wireEvents(form.version),
        keepAliveMs: this.options.keepAliveMs,
        failure: (error) => {
          observed.failed(error);
          this.failures.report(error, agent);
          return failureEvent(error, form.version);
        },
      });
    } catch (error) {
      return emptyAfter(this.failures.fail(exchange, error, agent, headers));
    }
  }

  refuseMethod(request: PlatformRequest, response: PlatformResponse): void {
    this.failures.refuse(this.#exchangeOf(request, rawResponse(response)), wrongMethod, ALLOWED);
  }

  #exchangeOf(request: PlatformRequest, res: ServerResponse, agent?: RegisteredAgent | Refusal): Exchange {
    const req = rawRequest(request);
    const asked = requestedVersion(req.headers, req.url ?? '');
    const version = asked.asked === undefined ? EVENTS_ADDRESS.version : shapeOf(asked);
    const known = agent === undefined || 'error' in agent ? undefined : agent.id;
    const observed = this.observer.http({ binding: 'eventsource', version, agent: known, request }, req, res);
    return { req, res, form: { version, accept: req.headers.accept }, observed };
  }
}

const ALLOWED = { allow: 'GET' };

const emptyAfter = (_answered: void): Observable<never> => EMPTY;
