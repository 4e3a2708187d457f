import { describe, expect, it } from '@jest/globals';
import { trustedGateway, type TrustedGatewayOptions } from './gateway.authenticator.js';

const SECRET = 'x'.repeat(32);
const call = (headers: Record<string, string>, address = '10.1.2.3') =>
  ({ binding: 'http', agent: 'a', headers, address, certificate: () => undefined }) as const;
const from = ['10.0.0.0/8'];

describe('trustedGateway', () => {
  it('names the caller, the tenant, scopes and roles by its headers, whatever their case in the options', () => {
    const gateway = trustedGateway({
      ...{ ownerHeader: 'X-User', tenantHeader: 'X-Tenant', scopesHeader: 'X-Scopes', rolesHeader: 'X-Roles' },
      from,
    });
    const headers = { 'x-user': 'alice', 'x-tenant': 'acme', 'x-scopes': 'read, write', 'x-roles': 'approver' };
    expect(gateway.authenticate(call(headers))).toEqual({
      owner: 'alice',
      tenant: 'acme',
      claims: { scopes: ['read', 'write'], roles: ['approver'] },
    });
    expect(gateway.authenticate(call({}))).toBeNull();
  });

  it('is known by its address, in IPv4-mapped form too, and by its secret', () => {
    const both = trustedGateway({ ownerHeader: 'x-user', from, secret: { header: 'X-Secret', value: SECRET } });
    const sent = { 'x-user': 'alice', 'x-secret': SECRET };
    expect(both.authenticate(call(sent))).toMatchObject({ owner: 'alice' });
    expect(both.authenticate(call(sent, '::ffff:10.9.9.9'))).toMatchObject({ owner: 'alice' });
    for (const wrong of [
      call(sent, '192.168.0.1'),
      call(sent, '::ffff:192.168.0.1'),
      call(sent, ''),
      call({ ...sent, 'x-secret': `${SECRET}x` }),
      call({ 'x-user': 'alice' }),
    ])
      expect(() => both.authenticate(wrong)).toThrow('The header x-user is accepted from the gateway only.');
  });

  it('names one caller only', () => {
    const gateway = trustedGateway({ ownerHeader: 'x-user', from });
    expect(() => gateway.authenticate(call({ 'x-user': 'alice, mallory' }))).toThrow('more than one caller');
  });

  it.each<[string, object]>([
    ['trustedGateway: ownerHeader is missing', { from }],
    ['trustedGateway: give from, secret or both', { ownerHeader: 'x-user' }],
    ['trustedGateway: give from, secret or both', { ownerHeader: 'x-user', from: [] }],
    ['trustedGateway: secret must have a header and a value of at least 32', { ownerHeader: 'x-user', secret: { header: 'x', value: 'short' } }],
    ['trustedGateway: scopesHeader must be the name of a header', { ownerHeader: 'x-user', from, scopesHeader: 'a b' }],
    ["'10.0.0.0/99' is neither an address nor a CIDR", { ownerHeader: 'x-user', from: ['10.0.0.0/99'] }],
  ])('refuses: %s', (text, options) => {
    expect(() => trustedGateway(options as TrustedGatewayOptions)).toThrow(text);
  }); // prettier-ignore
});
