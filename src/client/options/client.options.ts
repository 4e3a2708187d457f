import type { ResolveHost } from '../../security/outbound/index.js';
import type { AgentCardOptions } from '../card/agent-card.options.js';
import type { ClientTlsOptions } from '../http/client-http.js';

/** A request that is about to be sent. */
export interface HeadersRequest {
  readonly url: string;
  readonly method: string;
  /** The agent has refused the headers before (HTTP 401): get new ones. `challenge` is its `WWW-Authenticate`. */
  readonly refused?: { readonly challenge?: string };
  readonly signal?: AbortSignal;
}

/** Headers, or a function that makes them for each request. */
export type HeadersSource =
  | Readonly<Record<string, string>>
  | ((request: HeadersRequest) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/** The bindings that this client supports. */
export type ClientBinding = 'JSONRPC' | 'HTTP+JSON';

/** A binding and a protocol version that the client speaks. */
export interface InterfacePreference {
  readonly binding: ClientBinding;
  readonly version: '1.0' | '0.3';
}

/** Limits of time and size of a client. */
export interface A2aClientLimits {
  /** Time for DNS, connection and TLS, in ms. Default 10,000. */
  connectTimeoutMs: number;
  /** Time for the answer to any request but a message, in ms. Default 30,000. */
  timeoutMs: number;
  /** Time for the answer to a message, and for a stream's first event, in ms. Default 30 minutes. */
  sendTimeoutMs: number;
  /**
   * Silence of a stream, in ms, after which its connection counts as broken, if the agent keeps streams alive by comments. If it does not,
   * the limit is five times as long. Default 60,000.
   */
  idleTimeoutMs: number;
  /** Bytes of an answer, and characters of a stream's event. Default 64 MiB. */
  maxAnswerBytes: number;
  /** JSON values and keys of an answer, and of a stream's event. Default 1,000,000. */
  maxAnswerValues: number;
  /** Failed connections in a row before a stream that has begun gives up. Default 8. */
  attempts: number;
  /** `attempts` before anything was received. Default 3. */
  openAttempts: number;
  /** The first wait between attempts, in ms. Each is twice as long as the one before, less a random part. Default 200. */
  minDelayMs: number;
  /**
   * The longest wait between attempts, in ms. Default 10,000. An agent that asks for more than three times that (`Retry-After`) is not
   * retried.
   */
  maxDelayMs: number;
}

/** Options of `connect` and `new A2aClient`. */
export interface A2aClientOptions {
  /**
   * Headers of each request to the agent, such as `authorization`: fixed, or a function of the request. The function is called once more
   * when the agent answers 401. The headers are sent to the URL that the card names, and when fetching the card.
   */
  headers?: HeadersSource;
  /** Which interfaces of the card to prefer, most preferred first. Default: v1.0 before v0.3, else in the order of the card. */
  preference?: readonly InterfacePreference[];
  /** For interfaces that declare no tenant. */
  tenant?: string;
  /** URIs of extensions that each request activates. */
  extensions?: readonly string[];
  /** Non-public hosts that may be called: names, addresses, CIDRs (`localhost`, `10.1.0.0/16`). Default none. */
  allow?: readonly string[];
  /** Refuses http: URLs. Default false. */
  requireHttps?: boolean;
  /** Default: the system's resolver. */
  resolve?: ResolveHost;
  /** Certificate authorities to trust, and a client certificate. Default: the system's authorities, and none. */
  tls?: ClientTlsOptions;
  card?: AgentCardOptions;
  limits?: Partial<A2aClientLimits>;
}

export const CLIENT_LIMITS: Readonly<A2aClientLimits> = {
  connectTimeoutMs: 10_000,
  timeoutMs: 30_000,
  sendTimeoutMs: 30 * 60_000,
  idleTimeoutMs: 60_000,
  maxAnswerBytes: 64 * 1024 * 1024,
  maxAnswerValues: 1_000_000,
  attempts: 8,
  openAttempts: 3,
  minDelayMs: 200,
  maxDelayMs: 10_000,
};
