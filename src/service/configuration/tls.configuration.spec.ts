import { describe, expect, it } from '@jest/globals';
import { tlsFile } from '../../../test/support/tls/index.js';
import { HttpsListener } from '../http/https-listener.js';
import { ConfigurationError } from './configuration.error.js';
import { loadEnvironment } from './load-environment.js';

const quiet = { warn: () => undefined };
const CERT = { TLS_CERT_FILE: tlsFile('server.crt'), TLS_KEY_FILE: tlsFile('server.key') };
const MTLS = { TLS_CLIENT_CA_FILE: tlsFile('ca.crt'), A2A_MTLS_OWNER: 'cn' };
const optionsOf = (env: NodeJS.ProcessEnv) => HttpsListener.of(loadEnvironment(env, quiet), '', 'asked')?.options;

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    optionsOf(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

function warningsOf(env: NodeJS.ProcessEnv): readonly string[] {
  const warnings: string[] = [];
  loadEnvironment(env, { warn: (text: string) => void warnings.push(text) });
  return warnings;
}

describe('TLS of HTTP by environment', () => {
  it('is off without files', () => expect(optionsOf({})).toBeUndefined());

  it('is 1.2 or newer, whatever Node is told, and asks for certificates only if a CA is named', () => {
    expect(optionsOf(CERT)).toMatchObject({ minVersion: 'TLSv1.2' });
    expect(optionsOf(CERT)?.requestCert).toBeUndefined();
    expect(optionsOf({ ...CERT, ...MTLS })).toMatchObject({ requestCert: true, rejectUnauthorized: false });
  });

  it.each([
    ['TLS_KEY_FILE must be set when TLS_CERT_FILE is', { TLS_CERT_FILE: CERT.TLS_CERT_FILE }],
    ['TLS_CERT_FILE must be set when TLS_KEY_FILE is', { TLS_KEY_FILE: CERT.TLS_KEY_FILE }],
    ['TLS_CERT_FILE must be set when TLS_CLIENT_CA_FILE is', MTLS],
    ['A2A_MTLS_OWNER must be set when TLS_CLIENT_CA_FILE is', { ...CERT, TLS_CLIENT_CA_FILE: tlsFile('ca.crt') }],
    [
      'TLS_KEY_FILE must be a readable file, but /nowhere cannot be read (ENOENT)',
      { ...CERT, TLS_KEY_FILE: '/nowhere' },
    ],
    ['TLS_KEY_FILE with TLS_CERT_FILE cannot be used', { ...CERT, TLS_KEY_FILE: tlsFile('client.key') }],
    ['TLS_CLIENT_CA_FILE cannot be used', { ...CERT, ...MTLS, TLS_CLIENT_CA_FILE: tlsFile('server.key') }],
    ['ADMIN_TLS_KEY_FILE must be set', { ADMIN_PORT: '0', ADMIN_TLS_CERT_FILE: CERT.TLS_CERT_FILE }],
  ])('says by name: %s', (text, env) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(text)]);
  });

  it('warns of what has no effect, and of URLs that lead nowhere', () => {
    expect(warningsOf({ ...CERT, ...MTLS })).toEqual([]);
    const [mtls, admin, ...none] = [...warningsOf({ A2A_MTLS_OWNER: 'cn', ADMIN_TLS_CERT_FILE: '/x' })].sort();
    expect(none).toEqual([]);
    expect(mtls).toContain('A2A_MTLS_OWNER has no effect without TLS_CLIENT_CA_FILE or GRPC_TLS_CLIENT_CA_FILE');
    expect(admin).toContain('ADMIN_TLS_CERT_FILE has no effect without ADMIN_PORT');
    expect(warningsOf({ ...CERT, PUBLIC_URL: 'http://a.example' })).toEqual([
      expect.stringContaining('PUBLIC_URL begins with http://'),
    ]);
  });
});
