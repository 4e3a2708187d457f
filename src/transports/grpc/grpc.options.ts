import type { PeerCertificate } from 'node:tls';
import { DEFAULT_MAX_MESSAGE_BYTES } from '../../protocol/json/json-excess.js';
import type { A2aPrincipal } from '../../security/principal.js';

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
