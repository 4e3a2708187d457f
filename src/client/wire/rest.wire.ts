import { isObject } from '../../common/is-object.js';
import { A2AClientHTTPError } from '../errors/client.errors.js';
import type { Answers, Dialect, Operation, Requests, StreamingOperation } from './dialect.interface.js';
import { parseJson } from './parse-json.js';
import { fromHttpError } from './remote-error.js';
import { otherSubscribe, type RestRoute, restRoute, segment } from './rest.routes.js';
import { v03ProtoDialect } from './v0-3-proto.dialect.js';
import { v10Dialect } from './v1-0.dialect.js';
import type { Wire, WireRequest } from './wire.interface.js';

/** HTTP+JSON. Spec 11; v0.3 spec 3.5.3, below `/v1`. */
export class RestWire implements Wire {
  readonly binding = 'HTTP+JSON';
  readonly #dialect: Dialect;
  /** The method by which the server has answered a subscription before. */
  #subscribeBy?: string;

  constructor(
    private readonly url: string,
    readonly version: '1.0' | '0.3',
    private readonly maxValues?: number,
  ) {
    this.#dialect = version === '1.0' ? v10Dialect : v03ProtoDialect;
  }

  request<O extends Operation>(operation: O, request: Requests[O]): WireRequest {
    const { tenant, ...untenanted } = request;
    const wire = this.#dialect.encode[operation](untenanted as Requests[O]) as Record<string, unknown>;
    const route = restRoute(operation, request as unknown as Record<string, string>, wire, this.version);
    if (operation !== 'SubscribeToTask') return this.#made(route, tenant);
    const other = otherSubscribe(route);
    const [first, second] = this.#subscribeBy === other.method ? [other, route] : [route, other];
    return { ...this.#made(first, tenant), otherwise: this.#made(second, tenant) };
  }

  prefer({ method }: WireRequest): void {
    this.#subscribeBy = method;
  }

  #made(route: RestRoute, tenant: string | undefined): WireRequest {
    const url = this.#url(route, tenant);
    if (route.body === undefined) return { method: route.method, url };
    const contentType = this.version === '1.0' ? 'application/a2a+json' : 'application/json';
    return { method: route.method, url, body: JSON.stringify(route.body), contentType };
  }

  answer<O extends Operation>(operation: O, _request: WireRequest, status: number, text: string): Answers[O] {
    if (status >= 300) throw httpError(status, text);
    return this.#dialect.decode[operation](text === '' ? undefined : parseJson(text, this.maxValues));
  }

  /** An error in mid-stream is one of the body's form, whatever its event is called. */
  event<O extends StreamingOperation>(operation: O, _request: WireRequest, type: string, data: string): Answers[O] {
    const value = parseJson(data, this.maxValues);
    if (type === 'error' || (isObject(value) && 'error' in value))
      throw fromHttpError(500, value) ?? httpError(500, '');
    return this.#dialect.decode[operation](value);
  }

  #url({ path, query }: RestRoute, tenant: string | undefined): string {
    const url = new URL(this.url);
    const inTenant = this.version === '1.0' && tenant ? `/${segment('tenant', tenant)}` : '';
    url.pathname = `${url.pathname.replace(/\/+$/, '')}${inTenant}${path}`;
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url.href;
  }
}

function httpError(status: number, text: string): Error {
  try {
    const error = fromHttpError(status, parseJson(text));
    if (error) return error;
  } catch {
    // Proxies answer in HTML.
  }
  return new A2AClientHTTPError(status, `The agent answered with HTTP ${status}.`);
}
