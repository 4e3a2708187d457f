import type { IncomingMessage } from 'node:http';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { AuthenticationCall } from '../../security/authentication/authenticator.interface.js';

/** A request as authenticators see it. */
export const httpCall = (request: IncomingMessage, agent: string): AuthenticationCall => ({
  binding: 'http',
  agent,
  headers: request.headers,
  address: request.socket.remoteAddress,
  certificate: () => verifiedCertificate(request.socket as Partial<TLSSocket>),
});

/** undefined: no TLS, no client certificate, or one that was not verified. */
function verifiedCertificate(socket: Partial<TLSSocket>): PeerCertificate | undefined {
  if (socket.authorized !== true) return undefined;
  const certificate = socket.getPeerCertificate?.();
  return certificate && Object.keys(certificate).length > 0 ? certificate : undefined;
}
