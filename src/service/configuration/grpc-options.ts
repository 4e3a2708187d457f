import { SafeLogger } from '../../common/safe-logger.js';
import type { GrpcOptions, GrpcTlsOptions } from '../../transports/grpc/grpc.options.js';
import { identifiesCallers } from './auth.environment.js';
import type { Environment } from './environment.js';
import { followedTls } from './tls-files.js';

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
  const tls = followedTls(environment, 'GRPC_', 'gRPC', new SafeLogger('Tls'));
  return tls && { ...tls.files, onRenewal: (use) => tls.follow(use) };
}
