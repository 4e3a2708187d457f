import { describe, expect, it } from '@jest/globals';
import type { SecurityScheme } from '../../protocol/model/index.js';
import { challengeOf } from './challenge.js';

const bearer: SecurityScheme = { httpAuthSecurityScheme: { scheme: 'bearer' } };
const basic: SecurityScheme = { httpAuthSecurityScheme: { scheme: 'Basic' } };
const oauth: SecurityScheme = { oauth2SecurityScheme: { flows: {} } };
const oidc: SecurityScheme = { openIdConnectSecurityScheme: { openIdConnectUrl: 'https://o.example' } };

describe('challengeOf', () => {
  it.each<[string, Record<string, SecurityScheme>, string]>([
    ['an HTTP scheme', { a: bearer }, 'Bearer'],
    ['Basic, with its realm', { a: basic }, 'Basic realm="a2a"'],
    ['OAuth and OpenID Connect, which are bearer tokens, once', { a: oauth, b: oidc, c: bearer }, 'Bearer'],
    ['several schemes', { a: bearer, b: basic }, 'Bearer, Basic realm="a2a"'],
    ['an HTTP scheme of another name', { a: { httpAuthSecurityScheme: { scheme: 'DPoP' } } }, 'DPoP'],
  ])('names %s', (_what, schemes, header) => {
    expect(challengeOf(schemes)).toEqual({ 'www-authenticate': header });
  });

  it('says of bearer tokens why one was refused, and which scopes the call needs', () => {
    expect(
      challengeOf({ a: basic, b: oidc }, { error: 'insufficient_scope', scopes: ['read', 'tasks:write'] }),
    ).toEqual({
      'www-authenticate': 'Basic realm="a2a", Bearer error="insufficient_scope", scope="read tasks:write"',
    });
    expect(challengeOf({ b: oidc }, { error: 'invalid_token', scopes: ['a"b'] })).toEqual({
      'www-authenticate': 'Bearer error="invalid_token"',
    });
  });

  it('says nothing without schemes, of those without a challenge, and of names that are none', () => {
    expect(challengeOf()).toEqual({});
    expect(challengeOf({ a: { apiKeySecurityScheme: { location: 'header', name: 'X-Key' } } })).toEqual({});
    expect(challengeOf({ a: { httpAuthSecurityScheme: { scheme: 'Bearer\r\nSet-Cookie: x=1' } } })).toEqual({});
  });
});
