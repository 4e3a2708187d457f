import type { Environment } from './environment.js';
import { tlsNames, type TlsPrefix } from './tls.environment.js';

/** Incomplete settings of TLS. */
export function tlsProblems(environment: Environment): string[] {
  const { GRPC_PORT, ADMIN_PORT, TLS_CLIENT_CA_FILE, A2A_MTLS_OWNER } = environment;
  const problems = missing(environment, '');
  // Those of a listener that is off have no effect, which is a warning.
  if (GRPC_PORT !== undefined) problems.push(...missing(environment, 'GRPC_'));
  if (ADMIN_PORT !== undefined) problems.push(...missing(environment, 'ADMIN_'));
  if (TLS_CLIENT_CA_FILE !== undefined && A2A_MTLS_OWNER === undefined) {
    problems.push(
      'A2A_MTLS_OWNER must be set when TLS_CLIENT_CA_FILE is: over HTTP a certificate says who calls, and calls without one are not refused ' +
        'otherwise. Example: A2A_MTLS_OWNER=cn',
    );
  }
  return problems;
}

function missing(environment: Environment, prefix: TlsPrefix): string[] {
  const names = tlsNames(prefix);
  const isSet = (setting: keyof typeof names): boolean => environment[names[setting]] !== undefined;
  const problem = (setting: 'cert' | 'key', because: keyof typeof names, example: string): string =>
    `${names[setting]} must be set when ${names[because]} is: TLS needs both a certificate and its key. ` +
    `Example: ${names[setting]}=${example}`;
  if (isSet('cert') && !isSet('key')) return [problem('key', 'cert', '/etc/a2a/tls.key')];
  if (isSet('cert')) return [];
  if (isSet('key')) return [problem('cert', 'key', '/etc/a2a/tls.crt')];
  return isSet('clientCa') ? [problem('cert', 'clientCa', '/etc/a2a/tls.crt')] : [];
}

/** Settings that work against each other. */
export function* tlsWarnings(environment: Environment): Generator<string> {
  const { PUBLIC_URL, TLS_CERT_FILE, TLS_CLIENT_CA_FILE, A2A_MTLS_OWNER } = environment;
  if (TLS_CERT_FILE !== undefined && PUBLIC_URL?.startsWith('http:') === true) {
    yield `PUBLIC_URL begins with http://, but TLS_CERT_FILE is set: clients that call the URL in cards do not reach the service.`;
  }
  if (A2A_MTLS_OWNER === undefined || TLS_CLIENT_CA_FILE !== undefined) return;
  if (environment.GRPC_PORT === undefined || environment.GRPC_TLS_CLIENT_CA_FILE === undefined) {
    yield 'A2A_MTLS_OWNER has no effect without TLS_CLIENT_CA_FILE or GRPC_TLS_CLIENT_CA_FILE: the service asks no client for a certificate.';
  }
}
