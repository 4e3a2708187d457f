import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { authOptions } from './auth-options.js';
import { loadEnvironment } from './load-environment.js';

const options = (env: Record<string, string>) => {
  const warnings: string[] = [];
  const made = authOptions(loadEnvironment(env, { warn: (text: string) => void warnings.push(text) }));
  return { made, warnings, names: made?.authenticators.map(({ name }) => name) };
};
const OIDC = { A2A_OIDC_ISSUER: 'https://id.example.com/', A2A_OIDC_AUDIENCE: 'agents' };

describe('who may call the service', () => {
  it('is not said by default', () => expect(options({}).made).toBeUndefined());

  it('is said by several kinds at once', () => {
    const { names, made } = options({
      ...OIDC,
      A2A_API_KEYS_FILE: '/etc/a2a/keys.json',
      A2A_GATEWAY_OWNER_HEADER: 'x-user',
      A2A_GATEWAY_ADDRESSES: '10.0.0.0/8, fd00::/8',
      A2A_MTLS_OWNER: 'cn',
      A2A_REQUIRED_SCOPES: 'use, read',
    });
    expect(names).toEqual(['oidc', 'apiKey', 'gateway', 'mtls']);
    expect(made?.requiredScopes).toEqual(['use', 'read']);
  });

  it('is said by keys in the storage, which must be one that commands reach, and not in two places', () => {
    expect(options({ A2A_API_KEYS: 'storage', A2A_API_KEY_HEADER: 'x-key' })).toMatchObject({
      names: ['apiKey'],
      warnings: [],
    });
    expect(() => options({ A2A_API_KEYS: 'storage', STORE: 'memory' })).toThrow(/A2A_API_KEYS=storage needs a storage/);
    expect(() => options({ A2A_API_KEYS: 'storage', A2A_API_KEYS_FILE: '/k' })).toThrow(/and not both/);
  });

  it('may listen beyond loopback without A2A_ALLOW_ANONYMOUS', () => {
    const beyond = { HOST: '0.0.0.0', PUBLIC_URL: 'https://a.example' };
    expect(() => options(beyond)).toThrow(/A2A_ALLOW_ANONYMOUS must be true/);
    expect(options({ ...beyond, ...OIDC, GRPC_PORT: '1', GRPC_PUBLIC_ADDRESS: 'a.example:443' }).warnings).toEqual([]);
    expect(options({ ...OIDC, A2A_ALLOW_ANONYMOUS: 'true' }).warnings).toEqual([
      expect.stringContaining('has no effect'),
    ]);
  });

  it('has the secret of the gateway from a file, and never shows it', () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-secret-'));
    const file = path.join(directory, 'secret');
    const gateway = {
      A2A_GATEWAY_OWNER_HEADER: 'x-user',
      A2A_GATEWAY_SECRET_HEADER: 'x-s',
      A2A_GATEWAY_SECRET_FILE: file,
    };
    expect(() => options(gateway)).toThrow(/A2A_GATEWAY_SECRET_FILE must be a readable file/);
    writeFileSync(file, 'too-short-to-be-one\n');
    expect(() => options(gateway)).toThrow(/at least 32 characters/);
    expect(() => options(gateway)).not.toThrow(/too-short/);
    writeFileSync(file, `${'x'.repeat(32)}\n`);
    expect(options(gateway).names).toEqual(['gateway']);
    rmSync(directory, { recursive: true });
  });

  it.each<[RegExp, Record<string, string>]>([
    [/A2A_OIDC_ISSUER must be an https URL/, { ...OIDC, A2A_OIDC_ISSUER: 'http://id.example.com' }],
    [/A2A_OIDC_…: oidc: audience is \[\]/, { A2A_OIDC_ISSUER: OIDC.A2A_OIDC_ISSUER }],
    [/A2A_OIDC_…: oidc: algorithms has "HS256"/, { ...OIDC, A2A_OIDC_ALGORITHMS: 'RS256,HS256' }],
    [/A2A_GATEWAY_…: trustedGateway: give from, secret or both/, { A2A_GATEWAY_OWNER_HEADER: 'x-user' }],
    [/must be set both, or neither/, { A2A_GATEWAY_OWNER_HEADER: 'x-user', A2A_GATEWAY_SECRET_HEADER: 'x' }],
    [/A2A_MTLS_OWNER must be one of cn, san-uri/, { A2A_MTLS_OWNER: 'dn' }],
  ])('is refused by name: %p', (text, env) => expect(() => options(env)).toThrow(text));

  it('warns of variables that have no effect', () => {
    const { warnings } = options({
      A2A_OIDC_AUDIENCE: 'agents',
      A2A_GATEWAY_ADDRESSES: '10.0.0.1',
      A2A_API_KEY_HEADER: 'x',
    });
    expect(warnings).toEqual([
      'A2A_OIDC_AUDIENCE has no effect without A2A_OIDC_ISSUER.',
      'A2A_GATEWAY_ADDRESSES has no effect without A2A_GATEWAY_OWNER_HEADER.',
      'A2A_API_KEY_HEADER has no effect without A2A_API_KEYS_FILE or A2A_API_KEYS.',
    ]);
  });
});
