import { isObject } from '../../common/is-object.js';
import { A2AClientHTTPError } from '../errors/client.errors.js';
import type { OperationName, Requests, Responses, StreamingOperation } from '../../protocol/operations.js';
import type { VersionAdapter } from './version-adapter.interface.js';
import { decoded, encoded } from './by-operation.js';
import { parseJson } from './parse-json.js';
import { fromHttpError } from './remote-error.js';
import { type RestRequest, restRoutes, segment } from './rest.routes.js';
import { v03ProtoAdapter } from './v0-3-proto.adapter.js';
import { v10Adapter } from './v1-0.adapter.js';
import type { ClientTransport, TransportRequest } from './transport.interface.js';

/** HTTP+JSON. Spec 11; v0.3 spec 3.5.3, below `/v1`. */
export class RestTransport implements ClientTransport {
  readonly binding = 'HTTP+JSON';
  readonly #dialect: VersionAdapter;
  /** The method with which the server answered an earlier subscription. */
  #subscribeBy?: string;

  constructor(
    private readonly url: string,
    readonly version: '1.0' | '0.3',
    private readonly maxValues?: number,
  ) {
    this.#dialect = version === '1.0' ? v10Adapter : v03ProtoAdapter;
  }

  request<O extends OperationName>(operation: O, request: Requests[O]): TransportRequest {
    const { tenant, ...untenanted } = request;
    const wire = encoded(this.#dialect, operation, untenanted as Requests[O]);
    const routes = restRoutes(operation, untenanted, wire, this.version);
    const preferred = routes.findIndex(({ method }) => method === this.#subscribeBy);
    const [first, ...others] = preferred > 0 ? routes.toReversed() : routes;
    const [otherwise] = others.map((route) => this.#made(route, tenant));
    return { ...this.#made(first!, tenant), ...(otherwise && { otherwise }) };
  }

  prefer({ method }: TransportRequest): void {
    this.#subscribeBy = method;
  }

  #made(route: RestRequest, tenant: string | undefined): TransportRequest {
    const url = this.#url(route, tenant);
    if (route.body === undefined) return { method: route.method, url };
    const contentType = this.version === '1.0' ? 'application/a2a+json' : 'application/json';
    return { method: route.method, url, body: JSON.stringify(route.body), contentType };
  }

  answer<O extends OperationName>(
    operation: O,
    _request: TransportRequest,
    status: number,
    text: string,
  ): Responses[O] {
    if (status >= 300) throw httpError(status, text);
    return decoded(this.#dialect, operation, text === '' ? undefined : parseJson(text, this.maxValues));
  }

  /** An error in mid-stream is recognised by its body, whatever its event is called. */
  event<O extends StreamingOperation>(
    operation: O,
    _request: TransportRequest,
    type: string,
    data: string,
  ): Responses[O] {
    const value = parseJson(data, this.maxValues);
    if (type === 'error' || (isObject(value) && 'error' in value))
      throw fromHttpError(500, value) ?? httpError(500, '');
    return decoded(this.#dialect, operation, value);
  }

  #url({ path, query }: RestRequest, tenant: string | undefined): string {
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
