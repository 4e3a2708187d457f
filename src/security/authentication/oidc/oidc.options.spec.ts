import { describe, expect, it } from '@jest/globals';
import { type OidcOptions, oidcSettings } from './oidc.options.js';

const right: OidcOptions = { issuer: 'https://id.example.com/', audience: 'agents' };

describe('oidcSettings', () => {
  it('takes issuers by https, in private networks too, and by http on loopback', () => {
    for (const issuer of [
      'https://id.example.com',
      'https://10.0.0.1:8443/realms/a',
      'http://127.0.0.1:3000',
      'http://[::1]',
    ]) {
      expect(oidcSettings({ ...right, issuer })).toMatchObject({ issuer, audience: ['agents'], cacheMs: 60_000 });
    }
  });

  it.each<[string, object]>([
    ['oidc: issuer is missing: use an https URL', { issuer: undefined }],
    ['oidc: issuer is "http://id.example.com": use an https URL', { issuer: 'http://id.example.com' }],
    ['oidc: issuer is "https://me:pw@id.example.com"', { issuer: 'https://me:pw@id.example.com' }],
    ['oidc: jwksUrl is "http://10.0.0.1/keys"', { jwksUrl: 'http://10.0.0.1/keys' }],
    ['oidc: audience is missing: give the aud', { audience: undefined }],
    ['oidc: audience is []', { audience: [] }],
    ['oidc: algorithms has "none"', { algorithms: ['RS256', 'none'] }],
    ['oidc: algorithms has "HS256"', { algorithms: ['HS256'] }],
    ['oidc: algorithms has []', { algorithms: [] }],
    ['oidc: cacheMs must be a whole number from 0 to 3600000, but is -1', { cacheMs: -1 }],
    ['oidc: owner must be a non-empty string', { owner: '' }],
    ['oidc.issuers is not an option', { issuers: [] }],
  ])('refuses: %s', (text, more) => {
    expect(() => oidcSettings({ ...right, ...more })).toThrow(text);
  });
});
