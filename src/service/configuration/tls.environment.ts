import { AuditEnvironment } from './audit.environment.js';
import { isFilled } from './values.js';
import { Text } from './variable.decorators.js';

const PemFile = (example: string): PropertyDecorator =>
  Text({ rule: 'the path of a file in PEM', accepts: isFilled, example });

const CERT = '/etc/a2a/tls.crt';
const KEY = '/etc/a2a/tls.key';
const CLIENT_CA = '/etc/a2a/clients-ca.crt';

/** The variables of TLS: of HTTP, of gRPC and of the admin listener. */
export class TlsEnvironment extends AuditEnvironment {
  @PemFile(CERT)
  TLS_CERT_FILE?: string;

  @PemFile(KEY)
  TLS_KEY_FILE?: string;

  @PemFile(CLIENT_CA)
  TLS_CLIENT_CA_FILE?: string;

  @PemFile(CERT)
  GRPC_TLS_CERT_FILE?: string;

  @PemFile(KEY)
  GRPC_TLS_KEY_FILE?: string;

  @PemFile(CLIENT_CA)
  GRPC_TLS_CLIENT_CA_FILE?: string;

  @PemFile(CERT)
  ADMIN_TLS_CERT_FILE?: string;

  @PemFile(KEY)
  ADMIN_TLS_KEY_FILE?: string;

  @PemFile(CLIENT_CA)
  ADMIN_TLS_CLIENT_CA_FILE?: string;
}

/** What the names of a listener's variables begin with: '' is HTTP. */
export type TlsPrefix = '' | 'GRPC_' | 'ADMIN_';

/** The names of a listener's variables. */
export const tlsNames = <P extends TlsPrefix>(prefix: P) =>
  ({
    cert: `${prefix}TLS_CERT_FILE`,
    key: `${prefix}TLS_KEY_FILE`,
    clientCa: `${prefix}TLS_CLIENT_CA_FILE`,
  }) as const;
