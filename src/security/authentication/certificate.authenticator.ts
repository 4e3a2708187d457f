import type { PeerCertificate } from 'node:tls';
import { checkKeys } from '../../common/option-checks.js';
import { unauthenticated } from '../../protocol/errors/index.js';
import type { SecurityScheme } from '../../protocol/model/index.js';
import type { A2aPrincipal } from '../principal.js';
import type { AuthenticationCall, Authenticator } from './authenticator.interface.js';

/** Which client certificates are accepted, and whom they name. */
export interface ClientCertificatesOptions {
  /**
   * Who the owner is. 'cn' (default): the common name of the subject. 'san-uri': the only URI among the alternative names, such as
   * `spiffe://acme/worker`. A function: the principal, or undefined to refuse the certificate.
   */
  readonly owner?: 'cn' | 'san-uri' | ((certificate: PeerCertificate) => A2aPrincipal | undefined);
  /** The name of the scheme in cards. Default 'mtls'. */
  readonly name?: string;
}

class CertificateAuthenticator implements Authenticator {
  readonly scheme: SecurityScheme = { mtlsSecurityScheme: {} };

  constructor(
    readonly name: string,
    private readonly owner: NonNullable<ClientCertificatesOptions['owner']>,
  ) {}

  authenticate(call: AuthenticationCall): A2aPrincipal | null {
    const certificate = call.certificate();
    if (certificate === undefined) return null;
    const principal = typeof this.owner === 'function' ? this.owner(certificate) : this.#named(certificate);
    if (principal === undefined) throw unauthenticated('The client certificate does not name one caller.');
    const expiresAt = new Date(certificate.valid_to);
    return { ...(!Number.isNaN(expiresAt.getTime()) && { expiresAt }), ...principal };
  }

  #named(certificate: PeerCertificate): A2aPrincipal | undefined {
    // With several common names it is an array.
    const owner: unknown = this.owner === 'san-uri' ? uriOf(certificate) : certificate.subject?.CN;
    return typeof owner === 'string' && owner !== '' ? { owner } : undefined;
  }
}

/** Node quotes values with commas and quotes, so that nothing in a value looks like another name. */
function uriOf({ subjectaltname = '' }: PeerCertificate): string | undefined {
  const uris = (subjectaltname.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [])
    .map((name) => name.trim())
    .filter((name) => name.startsWith('URI:'));
  return uris.length === 1 && !uris[0]!.includes('"') ? uris[0]!.slice('URI:'.length) : undefined;
}

/**
 * Identifies callers by their client certificates, which this server must request and verify: `requestCert` and `ca` in the `httpsOptions` of
 * Nest, `tls.clientCa` of `grpc()`. Throws TypeError naming the option that is wrong.
 */
export function clientCertificates(options: ClientCertificatesOptions = {}): Authenticator {
  checkKeys(options, ['owner', 'name'], 'clientCertificates', refuse);
  const { owner = 'cn', name = 'mtls' } = options;
  if (owner !== 'cn' && owner !== 'san-uri' && typeof owner !== 'function') {
    refuse("clientCertificates: owner must be 'cn', 'san-uri' or a function.");
  }
  return new CertificateAuthenticator(name, owner);
}

function refuse(problem: string): never {
  throw new TypeError(problem);
}
