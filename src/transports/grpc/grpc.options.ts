import type { PeerCertificate } from 'node:tls';
import { isIPv6 } from 'node:net';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../protocol/json/json-excess.js';
import type { A2aPrincipal } from '../../security/principal.js';
import { definedOptions } from '../../common/number-options.js';
import {
  MAX_TIMER_MS,
  type NumberRange,
  unknownOptionProblem,
  wholeNumberProblem,
} from '../../common/option-problems.js';
import { GrpcBootError } from './grpc-boot.error.js';

export const GRPC_OPTIONS = Symbol('GrpcOptions');

/** A call whose caller is not identified yet. */
export interface GrpcCall {
  /** `/lf.a2a.v1.A2AService/SendMessage`; of v0.3 `/a2a.v1.A2AService/…`. */
  readonly path: string;
  /** Id of the called agent as the client named it; it may not exist. '' if there is no default agent. */
  readonly agent: string;
  /** The call's metadata by lower-case keys. Several values of a key are joined by a comma; binary ones (`…-bin`) are left out. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `address:port` of the client, or of a proxy. */
  readonly peer: string;
  /** The client's certificate, verified with `tls.clientCa`. */
  readonly certificate?: PeerCertificate;
  /** Aborts when the client disconnects or its deadline expires. */
  readonly signal: AbortSignal;
}

/**
 * Identifies the caller. Throws what a guard would: `A2AError('UNAUTHENTICATED', …)`, `A2AError('PERMISSION_DENIED', …)`, or
 * Nest's exceptions for them. Anything else that is thrown is an internal error. A principal without an owner is refused.
 */
export type GrpcAuthenticator = (call: GrpcCall) => A2aPrincipal | Promise<A2aPrincipal>;

/** Certificates of the gRPC server. */
export interface GrpcTlsOptions {
  /** PEM: the server's certificate and intermediate certificates. */
  cert: string | Buffer;
  /** PEM, not encrypted. */
  key: string | Buffer;
  /** PEM: clients must present a certificate issued by one of these. Default: clients need none. */
  clientCa?: string | Buffer;
  /**
   * Called when the server starts. It calls `use` with what new connections get from then on, and returns what ends that. `use` throws
   * GrpcBootError for unusable PEM, and the certificate of before stays in use. Default: the certificates are the same until the end.
   */
  onRenewal?: (use: (tls: Pick<GrpcTlsOptions, 'cert' | 'key' | 'clientCa'>) => void) => () => void;
}

/** Options of `grpc`. */
export interface GrpcOptions {
  /** An IP address or host name to listen on. Default '127.0.0.1'. */
  host?: string;
  /** 0: any free port, which cards then state. */
  port: number;
  /**
   * Identifies callers. Default: as `A2aAuthModule` says. Without that module it is required: guards of HTTP routes do not run for
   * gRPC, so an application with such guards would be open here. 'anonymous' admits everyone who can connect to the port, as one
   * owner `anonymous`. With the module, what this returns counts as what a guard of the application set.
   */
  authenticate?: GrpcAuthenticator | 'anonymous';
  /** Default: no TLS, for use behind a proxy or service mesh that adds it. */
  tls?: GrpcTlsOptions;
  /** `host:port` for clients, as in cards. Default: the address it listens on. */
  publicAddress?: string;
  /**
   * Cards have `http://host:port` instead of `host:port`, for clients that parse every address of a card as a URL. Default: no
   * scheme.
   */
  cardUrlScheme?: 'http' | 'https';
  /** Bytes of a request, also after decompression; a larger one is answered with RESOURCE_EXHAUSTED. Default 10,000,000. */
  maxMessageBytes?: number;
  /** Interval of keepalive pings on a connection, in ms. Default 15,000. */
  keepAliveMs?: number;
  /** Time to answer a ping, in ms; then the connection is closed. Default 20,000. */
  keepAliveTimeoutMs?: number;
  /** Concurrent calls of one connection; further ones wait in the client. Default 1000. */
  maxStreamsPerConnection?: number;
  /** Time at shutdown for calls to finish, in ms, after streams have ended; then they are aborted. Default 5000. */
  shutdownGraceMs?: number;
  /**
   * More options of `Server` in @grpc/grpc-js (`grpc.max_connection_age_ms` …). They take precedence over those set by the
   * options above.
   */
  channelOptions?: Readonly<Record<string, string | number>>;
}

export const GRPC_DEFAULTS = {
  host: '127.0.0.1',
  maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
  keepAliveMs: 15_000,
  keepAliveTimeoutMs: 20_000,
  maxStreamsPerConnection: 1000,
  shutdownGraceMs: 5_000,
} satisfies Partial<GrpcOptions>;

/** The options with all defaults. */
export type GrpcSettings = GrpcOptions & Required<Pick<GrpcOptions, keyof typeof GRPC_DEFAULTS>>;

const GRPC_RANGES = {
  port: [0, 65_535],
  maxMessageBytes: [1, 512 * 1024 * 1024],
  keepAliveMs: [100, MAX_TIMER_MS],
  keepAliveTimeoutMs: [100, MAX_TIMER_MS],
  maxStreamsPerConnection: [1, 2 ** 31 - 1],
  shutdownGraceMs: [0, MAX_TIMER_MS],
} as const satisfies Partial<Record<keyof GrpcOptions, NumberRange>>;

/** The names of all options. */
export const GRPC_OPTION_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(GRPC_RANGES),
  'host',
  'authenticate',
  'tls',
  'publicAddress',
  'cardUrlScheme',
  'channelOptions',
]);

/** Fills in the defaults. Throws GrpcBootError naming the option that is wrong. */
export function grpcSettings(given: GrpcOptions): GrpcSettings {
  const set = definedOptions(given);
  const settings = { ...GRPC_DEFAULTS, ...set } as GrpcSettings;
  refuse(unknownOptionProblem(set, [...GRPC_OPTION_NAMES], 'grpc'));
  for (const [name, range] of Object.entries(GRPC_RANGES)) {
    refuse(wholeNumberProblem(settings[name as keyof typeof GRPC_RANGES], range, `grpc.${name}`));
  }
  if (typeof settings.host !== 'string' || settings.host === '')
    throw new GrpcBootError(`grpc.host must be an IP address or a host name, but is '${String(settings.host)}'.`);
  if (
    ![undefined, 'anonymous'].includes(settings.authenticate as string) &&
    typeof settings.authenticate !== 'function'
  )
    throw new GrpcBootError(
      "grpc.authenticate must be a function that returns the principal of a call, or 'anonymous'.",
    );
  if (settings.publicAddress !== undefined && !isAddress(settings.publicAddress)) {
    throw new GrpcBootError(
      `grpc.publicAddress must be only a host and a port, such as agents.example.com:443, but is '${String(settings.publicAddress)}'.`,
    );
  }
  if (![undefined, 'http', 'https'].includes(settings.cardUrlScheme))
    throw new GrpcBootError(
      `grpc.cardUrlScheme must be 'http' or 'https', but is '${String(settings.cardUrlScheme)}'.`,
    );
  return settings;
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new GrpcBootError(problem);
}

/** `host:port`, with an IPv6 host in brackets. */
export function isAddress(text: unknown): boolean {
  const [, bracketed, host, port] =
    /^(?:\[([^\]]+)\]|([a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?)):(\d{1,5})$/i.exec(String(text)) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) return false;
  return bracketed === undefined ? host !== undefined : isIPv6(bracketed);
}

/** An address and a port as one string. */
export const hostAndPort = (host: string, port: number): string =>
  isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;

/** Throws GrpcBootError if nobody identifies the callers. `authenticated`: A2aAuthModule does. */
export function assertIdentified({ authenticate }: Pick<GrpcSettings, 'authenticate'>, authenticated: boolean): void {
  if (authenticate !== undefined || authenticated) return;
  throw new GrpcBootError(
    "grpc.authenticate is missing: Nest's guards do not run for gRPC, so it must identify the caller. Import A2aAuthModule, give a " +
      "function that returns the principal of a call and throws for others, or 'anonymous' to admit everyone who can connect to the port.",
  );
}
