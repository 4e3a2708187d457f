import {
  checkNames,
  checkWholeNumber,
  definedOptions,
  MAX_TIMER_MS,
  type NumberRange,
} from '../../common/number-options.js';
import { show } from '../../common/option-problems.js';
import { type CorsOptions, corsOptions } from '../../security/browsers/cors.options.js';
import { HostList } from '../../security/browsers/host-list.js';
import { DEFAULT_MAX_MESSAGE_BYTES, DEFAULT_MAX_VALUES } from '../../protocol/json/json-excess.js';

export const HTTP_TRANSPORT_OPTIONS = Symbol('HttpTransportOptions');

/** The bindings over HTTP. One that is off has no routes, and is not in cards. */
export interface HttpBindings {
  /** Default true. */
  jsonRpc: boolean;
  /** HTTP+JSON. Default true. */
  rest: boolean;
  /** Its routes with a segment for the tenant, `/acme/message:send`. Default true. */
  tenantPaths: boolean;
}

/** The bindings over HTTP: where they are, and their limits. */
export interface HttpTransportOptions {
  /** Where all routes live, below a global prefix if there is one. '' = the root. Default '/a2a'. */
  path: string;
  bindings: HttpBindings;
  /** Bytes of a request body; a larger one gets HTTP 413. Default 10,000,000. */
  bodyLimitBytes: number;
  /**
   * JSON values and keys of a request, or fields of a gRPC request; one with more is refused before it is parsed. Up to this
   * number, parsing blocks the event loop for less than a second. Default 150,000.
   */
  maxRequestValues: number;
  /** Silence on an event stream, in ms, after which a comment is sent, so that proxies do not close it. Default 15,000. */
  keepAliveMs: number;
  /**
   * Time that an idle connection is kept for its client's next request, in ms. It should be longer than that of load balancers,
   * which is 60 s for most. Default 72,000. If the application has set the server's `keepAliveTimeout`, that applies.
   */
  keepAliveTimeoutMs: number;
  /**
   * Serves a v1.0 method without `A2A-Version` as v1.0. Default false: it gets VersionNotSupported, because in the protocol no
   * header means 0.3.
   */
  lenientVersion: boolean;
  /** A v0.3 `message/send` without `blocking` waits for the result. Default true. */
  v03Blocking: boolean;
  /** `max-age` of agent cards, in seconds. Default 300. */
  cardMaxAgeSeconds: number;
  /**
   * Names under which clients call this server, besides loopback names, the address that they connected to and that of `publicUrl`:
   * `agents.example.com`, `*.example.com`, or `*` for all. Requests with another `Host` are refused with HTTP 403 on a server that listens
   * on loopback, and on any server if this is set. Default: none.
   */
  allowedHosts: readonly string[];
  /** Pages of other origins that may call. Default: none; the application may set headers of CORS by itself. */
  cors?: CorsOptions;
}

export const HTTP_TRANSPORT_DEFAULTS: Readonly<HttpTransportOptions> = {
  path: '/a2a',
  bindings: { jsonRpc: true, rest: true, tenantPaths: true },
  bodyLimitBytes: DEFAULT_MAX_MESSAGE_BYTES,
  maxRequestValues: DEFAULT_MAX_VALUES,
  keepAliveMs: 15_000,
  keepAliveTimeoutMs: 72_000,
  lenientVersion: false,
  v03Blocking: true,
  cardMaxAgeSeconds: 300,
  allowedHosts: [],
};

export const HTTP_RANGES = {
  bodyLimitBytes: [1, 512 * 1024 * 1024],
  maxRequestValues: [1, 100_000_000],
  keepAliveMs: [1, MAX_TIMER_MS],
  keepAliveTimeoutMs: [1, MAX_TIMER_MS],
  cardMaxAgeSeconds: [0, 31_536_000],
} as const satisfies Partial<Record<keyof HttpTransportOptions, NumberRange>>;

/** Fills in the defaults. Throws RangeError or TypeError naming the option that is wrong. */
export function httpTransportOptions(given: Partial<HttpTransportOptions> = {}): HttpTransportOptions {
  const options: HttpTransportOptions = { ...HTTP_TRANSPORT_DEFAULTS, ...definedOptions(given) };
  checkNames(given, [...Object.keys(HTTP_TRANSPORT_DEFAULTS), 'cors'], 'http');
  for (const [name, range] of Object.entries(HTTP_RANGES)) {
    checkWholeNumber(options[name as keyof typeof HTTP_RANGES], range, `http.${name}`);
  }
  checkHosts(options.allowedHosts);
  return {
    ...options,
    path: normalizePath(options.path),
    ...(options.cors !== undefined && { cors: corsOptions(options.cors) }),
  };
}

function checkHosts(hosts: unknown): void {
  if (!Array.isArray(hosts) || !hosts.every((host) => typeof host === 'string')) {
    throw new TypeError(`http.allowedHosts must be an array of host names, but is ${show(hosts)}.`);
  }
  try {
    new HostList(hosts as string[]);
  } catch (error) {
    throw new RangeError(`http.allowedHosts: ${(error as Error).message}`, { cause: error });
  }
}

/** Fills in the defaults. Throws RangeError for an unknown binding, and TypeError if all are off: agents would have no URL. */
export function httpBindings(given: Partial<HttpBindings> = {}): HttpBindings {
  const { bindings } = HTTP_TRANSPORT_DEFAULTS;
  checkNames(given, Object.keys(bindings), 'bindings');
  const result = { ...bindings, ...definedOptions(given) };
  if (!result.jsonRpc && !result.rest) throw new TypeError('bindings: jsonRpc and rest must not both be off.');
  return result;
}

/** '' or '/segment/segment'. Throws TypeError for characters with a meaning in routers. */
export function normalizePath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const odd = segments.find((segment) => !/^[\w.~-]+$/.test(segment));
  if (odd !== undefined) throw new TypeError(`path: segment '${odd}' may contain only letters, digits and . _ ~ -.`);
  return segments.map((segment) => `/${segment}`).join('');
}
