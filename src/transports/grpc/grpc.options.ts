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

/** A call before it is known who makes it. */
export interface GrpcCall {
  /** `/lf.a2a.v1.A2AService/SendMessage`; of v0.3 `/a2a.v1.A2AService/…`. */
  readonly path: string;
  /** Id of the agent that is called, as the client named it: there may be none of that name. '' when there is no default agent. */
  readonly agent: string;
  /** The call's metadata by lower-case keys; several values of a key are joined by a comma, binary ones (`…-bin`) left out. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `address:port` of the client, or of the proxy in between. */
  readonly peer: string;
  /** The client's certificate, which `tls.clientCa` has vouched for. */
  readonly certificate?: PeerCertificate;
  /** Aborts when the client leaves or its deadline is over. */
  readonly signal: AbortSignal;
}

/**
 * Says who calls. Throws what a guard would: `A2AError('UNAUTHENTICATED', …)`, `A2AError('PERMISSION_DENIED', …)`, or Nest's
 * exceptions for them. Anything else that is thrown is an internal error; a principal without an owner is refused.
 */
export type GrpcAuthenticator = (call: GrpcCall) => A2aPrincipal | Promise<A2aPrincipal>;

export interface GrpcTlsOptions {
  /** PEM: the server's certificate, and those between it and its root. */
  cert: string | Buffer;
  /** PEM, not encrypted. */
  key: string | Buffer;
  /** PEM: only clients with a certificate issued by one of these are let in. Default: clients need none. */
  clientCa?: string | Buffer;
}

export interface GrpcOptions {
  /** An IP address or host name to listen on. Default '127.0.0.1'. */
  host?: string;
  /** 0: a free one, which cards then name. */
  port: number;
  /**
   * Who calls. There is no default: Nest's guards do not run for gRPC, so an application that guards its HTTP routes would
   * have a door without a lock. 'anonymous' lets everybody in who can reach the port, as one owner `anonymous`.
   */
  authenticate: GrpcAuthenticator | 'anonymous';
  /** Default: without encryption, for a proxy or service mesh that does it. */
  tls?: GrpcTlsOptions;
  /** `host:port` where clients reach this server, as cards say it. Default: the address it listens on. */
  publicAddress?: string;
  /** Cards say `http://host:port` instead of `host:port`, for clients that read every address of a card as a URL. Default: no scheme. */
  cardUrlScheme?: 'http' | 'https';
  /** Bytes of a request, also after decompression; a larger one is answered with RESOURCE_EXHAUSTED. Default 10,000,000. */
  maxMessageBytes?: number;
  /** A connection is asked every so often, in ms, whether it is still there. Default 15,000. */
  keepAliveMs?: number;
  /** A connection that does not answer within this time, in ms, is closed. Default 20,000. */
  keepAliveTimeoutMs?: number;
  /** Calls of one connection under way at once; further ones wait at the client. Default 1000. */
  maxStreamsPerConnection?: number;
  /** At shutdown, calls that are still under way this long, in ms, after streams were ended are cut. Default 5000. */
  shutdownGraceMs?: number;
  /** More options of `Server` in @grpc/grpc-js (`grpc.max_connection_age_ms` …), which go before those that are made of the above. */
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

/** Options with all defaults in place. */
export type GrpcSettings = GrpcOptions & Required<Pick<GrpcOptions, keyof typeof GRPC_DEFAULTS>>;

const GRPC_RANGES = {
  port: [0, 65_535],
  maxMessageBytes: [1, 512 * 1024 * 1024],
  keepAliveMs: [100, MAX_TIMER_MS],
  keepAliveTimeoutMs: [100, MAX_TIMER_MS],
  maxStreamsPerConnection: [1, 2 ** 31 - 1],
  shutdownGraceMs: [0, MAX_TIMER_MS],
} as const satisfies Partial<Record<keyof GrpcOptions, NumberRange>>;

/** All options there are. */
export const GRPC_OPTION_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(GRPC_RANGES),
  'host',
  'authenticate',
  'tls',
  'publicAddress',
  'cardUrlScheme',
  'channelOptions',
]);

/** Fills in the defaults. Throws GrpcBootError naming the option that makes no sense. */
export function grpcSettings(given: GrpcOptions): GrpcSettings {
  const set = definedOptions(given);
  const settings = { ...GRPC_DEFAULTS, ...set } as GrpcSettings;
  refuse(unknownOptionProblem(set, [...GRPC_OPTION_NAMES], 'grpc'));
  for (const [name, range] of Object.entries(GRPC_RANGES)) {
    refuse(wholeNumberProblem(settings[name as keyof typeof GRPC_RANGES], range, `grpc.${name}`));
  }
  if (typeof settings.host !== 'string' || settings.host === '')
    throw new GrpcBootError(`grpc.host must be an IP address or a host name, but is '${String(settings.host)}'.`);
  if (settings.authenticate !== 'anonymous' && typeof settings.authenticate !== 'function') {
    throw new GrpcBootError(
      "grpc.authenticate is missing: Nest's guards do not run for gRPC, so it must say who calls. Give a function that returns " +
        "the principal of a call and throws for others, or 'anonymous' to let everybody in who can reach the port.",
    );
  }
  if (settings.publicAddress !== undefined && !isAddress(settings.publicAddress)) {
    throw new GrpcBootError(
      `grpc.publicAddress must be like agents.example.com:443, a host and a port and no more, but is '${String(settings.publicAddress)}'.`,
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

/** `host:port`; the host of IPv6 in brackets. */
export function isAddress(text: unknown): boolean {
  const [, bracketed, host, port] =
    /^(?:\[([^\]]+)\]|([a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?)):(\d{1,5})$/i.exec(String(text)) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) return false;
  return bracketed === undefined ? host !== undefined : isIPv6(bracketed);
}

/** An address and a port as one text. */
export const hostAndPort = (host: string, port: number): string =>
  isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
