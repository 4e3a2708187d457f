import { describe, expect, it } from '@jest/globals';
import { tlsFile } from '../../../test/support/tls/index.js';
import { ConfigurationError } from './configuration.error.js';
import { grpcOptions } from './grpc-options.js';
import { loadEnvironment } from './load-environment.js';

const quiet = { warn: () => undefined };
const optionsOf = (env: NodeJS.ProcessEnv) => grpcOptions(loadEnvironment(env, quiet));
const PORT = { GRPC_PORT: '0' };
const CERT = { GRPC_TLS_CERT_FILE: tlsFile('server.crt'), GRPC_TLS_KEY_FILE: tlsFile('server.key') };

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    optionsOf(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('gRPC by environment', () => {
  it('is off without GRPC_PORT, and says so of what has no effect then', () => {
    expect(optionsOf({})).toBeUndefined();
    const warnings: string[] = [];
    loadEnvironment({ GRPC_HOST: '::1', ...CERT }, { warn: (text: string) => void warnings.push(text) });
    expect(warnings.sort()).toEqual(
      ['GRPC_HOST', 'GRPC_TLS_CERT_FILE', 'GRPC_TLS_KEY_FILE'].map((name) =>
        expect.stringContaining(`${name} has no effect without GRPC_PORT`),
      ),
    );
  });

  it('listens where HTTP does unless it is told otherwise, with the same limits', () => {
    expect(optionsOf({ ...PORT, HOST: '::1', A2A_BODY_LIMIT: '2048', A2A_KEEP_ALIVE_MS: '500' })).toMatchObject({
      host: '::1',
      port: 0,
      maxMessageBytes: 2048,
      keepAliveMs: 500,
      authenticate: 'anonymous',
    });
    expect(optionsOf({ ...PORT, HOST: '::1', GRPC_HOST: '127.0.0.1' })?.host).toBe('127.0.0.1');
  });

  it('wants GRPC_PUBLIC_ADDRESS and A2A_ALLOW_ANONYMOUS, by name, beyond loopback', () => {
    const env = { ...PORT, GRPC_HOST: '0.0.0.0' };
    const [address, anonymous, ...others] = problemsOf(env);
    expect(others).toEqual([]);
    expect(address).toContain('GRPC_PUBLIC_ADDRESS must be set');
    expect(anonymous).toContain('A2A_ALLOW_ANONYMOUS must be true');
    const told = { ...env, GRPC_PUBLIC_ADDRESS: 'agents.example.com:443' };
    expect(problemsOf(told)).toEqual([anonymous]);
    expect(problemsOf({ ...told, A2A_ALLOW_ANONYMOUS: 'true' })).toEqual([]);
  });

  it('asks for A2A_ALLOW_ANONYMOUS once when HTTP is beyond loopback too', () => {
    const problems = problemsOf({ ...PORT, HOST: '0.0.0.0' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PUBLIC_URL',
      'A2A_ALLOW_ANONYMOUS',
      'GRPC_PUBLIC_ADDRESS',
    ]);
  });

  it('lets gRPC stay on loopback while HTTP is open', () => {
    const open = { HOST: '0.0.0.0', PUBLIC_URL: 'https://a.example', A2A_ALLOW_ANONYMOUS: 'true' };
    expect(problemsOf({ ...PORT, ...open, GRPC_HOST: '127.0.0.1' })).toEqual([]);
  });

  it('reads the files of TLS', () => {
    const options = optionsOf({ ...PORT, ...CERT, GRPC_TLS_CLIENT_CA_FILE: tlsFile('ca.crt') });
    expect(String(options?.tls?.cert)).toContain('BEGIN CERTIFICATE');
    expect(String(options?.tls?.clientCa)).toContain('BEGIN CERTIFICATE');
    expect(optionsOf(PORT)?.tls).toBeUndefined();
  });

  it.each([
    ['GRPC_TLS_KEY_FILE must be set', { GRPC_TLS_CERT_FILE: tlsFile('server.crt') }],
    ['GRPC_TLS_CERT_FILE must be set', { GRPC_TLS_KEY_FILE: tlsFile('server.key') }],
    ['GRPC_TLS_CERT_FILE must be set', { GRPC_TLS_CLIENT_CA_FILE: tlsFile('ca.crt') }],
    [
      'GRPC_TLS_CERT_FILE must be a readable file, but /nowhere cannot be read (ENOENT)',
      { ...CERT, GRPC_TLS_CERT_FILE: '/nowhere' },
    ],
    ['GRPC_TLS_KEY_FILE with GRPC_TLS_CERT_FILE cannot be used', { ...CERT, GRPC_TLS_KEY_FILE: tlsFile('client.key') }],
    ['GRPC_TLS_CERT_FILE cannot be used', { ...CERT, GRPC_TLS_CERT_FILE: tlsFile('server.key') }],
  ])('says by name: %s', (text, env) => {
    const problems = problemsOf({ ...PORT, ...env });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(text);
  });
});
