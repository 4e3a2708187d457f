import { describe, expect, it } from '@jest/globals';
import { a2aPrincipalOf, setA2aPrincipal } from './principal.js';

describe('principal of a request', () => {
  it('is what was set on it, or on the raw request below it', () => {
    const request = {};
    setA2aPrincipal(request, { owner: 'alice', tenant: 'acme' });
    expect(a2aPrincipalOf(request)).toEqual({ owner: 'alice', tenant: 'acme' });
    expect(a2aPrincipalOf({ raw: request })).toEqual({ owner: 'alice', tenant: 'acme' });
    expect(a2aPrincipalOf({ a2a: { owner: 'bob' }, raw: request })).toEqual({ owner: 'bob' });
    expect(a2aPrincipalOf({})).toBeUndefined();
  });

  it('is refused without an owner', () => {
    for (const owner of ['', undefined as unknown as string]) {
      expect(() => setA2aPrincipal({}, { owner })).toThrow(/UnauthorizedException/);
    }
  });

  it('has claims, which are an object, and scopes, which are strings', () => {
    const request = {};
    const claims = { scopes: ['read'], roles: ['reader'], level: 7 };
    setA2aPrincipal(request, { owner: 'alice', claims });
    expect(a2aPrincipalOf(request)).toEqual({ owner: 'alice', claims });
    for (const wrong of ['read', ['read'], { scopes: 'read write' }, { scopes: [1] }]) {
      expect(() => setA2aPrincipal({}, { owner: 'alice', claims: wrong as never })).toThrow(/claims/);
    }
  });
});
