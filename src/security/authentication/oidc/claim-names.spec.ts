import { describe, expect, it } from '@jest/globals';
import { principalOfToken } from './claim-names.js';

const exp = 2_000_000_000;

describe('the principal of a token', () => {
  it('has the subject as its owner, scopes as a list, and the expiry', () => {
    expect(principalOfToken({ sub: 'alice', exp, scope: 'read  write' }, {}, 5_000)).toEqual({
      owner: 'alice',
      claims: { scopes: ['read', 'write'] },
      expiresAt: new Date(exp * 1000 + 5_000),
    });
    expect(principalOfToken({ sub: 'alice', exp }, {})).toEqual({ owner: 'alice', expiresAt: new Date(exp * 1000) });
  });

  it('reads what Keycloak, Auth0 and Entra call their claims', () => {
    const keycloak = { sub: 'a', exp, realm_access: { roles: ['approver'] } };
    expect(principalOfToken(keycloak, { roles: 'realm_access.roles' }).claims).toEqual({ roles: ['approver'] });
    const auth0 = { sub: 'auth0|1', exp, org_id: 'org_1', 'https://acme.example/roles': ['approver', 7] };
    const names = { tenant: 'org_id', roles: 'https://acme.example/roles', ownerPrefix: 'auth0:' };
    expect(principalOfToken(auth0, names)).toMatchObject({
      owner: 'auth0:auth0|1',
      tenant: 'org_1',
      claims: { roles: ['approver'] },
    });
    const entra = { sub: 'pairwise', oid: 'user', tid: 'tenant', exp, scp: 'read' };
    expect(principalOfToken(entra, { owner: 'oid', tenant: 'tid', claims: ['tid'] })).toMatchObject({
      owner: 'user',
      tenant: 'tenant',
      claims: { scopes: ['read'], tid: 'tenant' },
    });
  });

  it.each([
    ['no owner', {}, {}],
    ['an owner that is no text', { sub: 7 }, {}],
    ['an empty tenant', { sub: 'a', tenant: '' }, { tenant: 'tenant' }],
    ['a tenant only on the prototype', { sub: 'a' }, { tenant: 'constructor.name' }],
  ])('is refused with %s', (_what, token, names) => {
    expect(() => principalOfToken({ exp, ...token }, names)).toThrow(/^The token has no claim/);
  });

  it('is shared by many calls, so that nobody may change it', () => {
    const { claims } = principalOfToken({ sub: 'a', exp, scope: 'read', roles: ['r'] }, {});
    expect(() => (claims!.scopes as string[]).push('admin')).toThrow(TypeError);
  });
});
