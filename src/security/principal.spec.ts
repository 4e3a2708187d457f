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
});
