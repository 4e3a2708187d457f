import type { Environment } from './environment.js';
import { isLoopback } from './values.js';

/** What gRPC needs besides its port: the same as HTTP when others than this machine are let in, and TLS as a whole. */
export function grpcProblems(environment: Environment): string[] {
  const { GRPC_PORT, HOST, GRPC_HOST = HOST } = environment;
  if (GRPC_PORT === undefined) return [];
  return [...tlsProblems(environment), ...(isLoopback(GRPC_HOST) ? [] : exposureProblems(environment, GRPC_HOST))];
}

function exposureProblems({ HOST, GRPC_PUBLIC_ADDRESS, A2A_ALLOW_ANONYMOUS }: Environment, host: string): string[] {
  const problems: string[] = [];
  if (GRPC_PUBLIC_ADDRESS === undefined) {
    problems.push(
      `GRPC_PUBLIC_ADDRESS must be set when gRPC listens on ${host}, which is not loopback: agent cards carry it as the address ` +
        'for clients. Example: GRPC_PUBLIC_ADDRESS=agents.example.com:443',
    );
  }
  // Beyond loopback HOST has asked for it already.
  if (!A2A_ALLOW_ANONYMOUS && isLoopback(HOST)) {
    problems.push(
      `A2A_ALLOW_ANONYMOUS must be true when gRPC listens on ${host}, which is not loopback: the service identifies no callers, ` +
        'and anyone who reaches it may use its agents and read the tasks. Put a gateway that does in front, or keep ' +
        'GRPC_HOST=127.0.0.1. Example: A2A_ALLOW_ANONYMOUS=true',
    );
  }
  return problems;
}

function tlsProblems({ GRPC_TLS_CERT_FILE, GRPC_TLS_KEY_FILE, GRPC_TLS_CLIENT_CA_FILE }: Environment): string[] {
  const missing = (name: string, because: string, example: string): string =>
    `${name} must be set when ${because} is: TLS needs both a certificate and its key. Example: ${name}=${example}`;
  if (GRPC_TLS_CERT_FILE !== undefined && GRPC_TLS_KEY_FILE === undefined)
    return [missing('GRPC_TLS_KEY_FILE', 'GRPC_TLS_CERT_FILE', '/etc/a2a/tls.key')];
  if (GRPC_TLS_CERT_FILE === undefined && GRPC_TLS_KEY_FILE !== undefined)
    return [missing('GRPC_TLS_CERT_FILE', 'GRPC_TLS_KEY_FILE', '/etc/a2a/tls.crt')];
  if (GRPC_TLS_CERT_FILE === undefined && GRPC_TLS_CLIENT_CA_FILE !== undefined)
    return [missing('GRPC_TLS_CERT_FILE', 'GRPC_TLS_CLIENT_CA_FILE', '/etc/a2a/tls.crt')];
  return [];
}
