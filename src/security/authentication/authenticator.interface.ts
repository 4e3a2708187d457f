import type { PeerCertificate } from 'node:tls';
import type { SecurityScheme } from '../../protocol/model/index.js';
import type { A2aPrincipal } from '../principal.js';

/** A call whose caller is not identified yet. Its body has not been read. */
export interface AuthenticationCall {
  readonly binding: 'http' | 'grpc';
  /** Id of the called agent as the client named it. */
  readonly agent: string;
  /** HTTP headers, or gRPC metadata, by lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** IP address of the other end of the connection: the client, or the last proxy. Never taken from a header. */
  readonly address?: string;
  /** The certificate of the connection's other end, if this server has verified it. */
  certificate(): PeerCertificate | undefined;
}

/**
 * Identifies callers in one way. `A2aAuthModule.forRoot({ authenticators })` takes several: `oidc()`, `apiKeys()`, `trustedGateway()`,
 * `clientCertificates()`, or your own.
 */
export interface Authenticator {
  /** The name of its scheme in cards. Unique. */
  readonly name: string;
  /**
   * How cards declare it. Absent: cards say nothing of it, and a caller that it identifies needs no declared scheme, only the
   * scopes.
   */
  readonly scheme?: SecurityScheme;
  /**
   * The caller, or null if the call has no credentials of this kind. Throws for credentials that are not valid:
   * `A2AError('UNAUTHENTICATED', …)` or Nest's UnauthorizedException; UNAVAILABLE if they cannot be checked now. Messages are
   * shown to the caller. It may take 10 s.
   */
  authenticate(call: AuthenticationCall): A2aPrincipal | null | Promise<A2aPrincipal | null>;
  /** Called at boot. Rejects if it cannot work: the boot fails. */
  start?(): void | Promise<void>;
}

/** A header with one value; undefined without it. */
export const headerOf = ({ headers }: Pick<AuthenticationCall, 'headers'>, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
