import { readFileSync } from 'node:fs';
import { GrpcBootError } from '../../transports/grpc/grpc-boot.error.js';
import type { GrpcOptions, GrpcTlsOptions } from '../../transports/grpc/grpc.options.js';
import { assertUsableTls } from '../../transports/grpc/tls.js';
import { identifiesCallers } from './auth.environment.js';
import { ConfigurationError } from './configuration.error.js';
import type { Environment } from './environment.js';

/** The options of gRPC from the environment. undefined: gRPC is off. Throws ConfigurationError for TLS files that are unusable. */
export function grpcOptions(environment: Environment): GrpcOptions | undefined {
  const { GRPC_PORT: port, HOST, GRPC_HOST: host = HOST, GRPC_PUBLIC_ADDRESS: publicAddress } = environment;
  if (port === undefined) return undefined;
  return {
    host,
    port,
    publicAddress,
    // Listening beyond loopback has its own rule, as for HTTP.
    authenticate: identifiesCallers(environment) ? undefined : 'anonymous',
    tls: tlsOptions(environment),
    maxMessageBytes: environment.A2A_BODY_LIMIT,
    keepAliveMs: environment.A2A_KEEP_ALIVE_MS,
  };
}

function tlsOptions(environment: Environment): GrpcTlsOptions | undefined {
  const { GRPC_TLS_CERT_FILE: cert, GRPC_TLS_KEY_FILE: key, GRPC_TLS_CLIENT_CA_FILE: clientCa } = environment;
  if (cert === undefined || key === undefined) return undefined;
  const tls = {
    cert: read('GRPC_TLS_CERT_FILE', cert),
    key: read('GRPC_TLS_KEY_FILE', key),
    ...(clientCa !== undefined && { clientCa: read('GRPC_TLS_CLIENT_CA_FILE', clientCa) }),
  };
  try {
    assertUsableTls(tls, { cert: 'GRPC_TLS_CERT_FILE', key: 'GRPC_TLS_KEY_FILE', clientCa: 'GRPC_TLS_CLIENT_CA_FILE' });
  } catch (error) {
    throw error instanceof GrpcBootError ? new ConfigurationError([error.message]) : error;
  }
  return tls;
}

function read(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigurationError([`${name} must be a readable file, but ${path} cannot be read (${why}).`]);
  }
}
