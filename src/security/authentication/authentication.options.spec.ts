import { describe, expect, it } from '@jest/globals';
import { authSettings } from './authentication.options.js';
import { guardScheme } from './guard-scheme.js';
import { oidc } from './oidc/oidc.authenticator.js';

const one = guardScheme('one', { httpAuthSecurityScheme: { scheme: 'Bearer' } });
const issuer = (name: string, ownerPrefix?: string) =>
  oidc({ name, issuer: `https://${name}.example`, audience: 'agents', ...(ownerPrefix && { ownerPrefix }) });

describe('authSettings', () => {
  it('fills in the defaults', () => {
    expect(authSettings({ authenticators: [one] })).toEqual({
      authenticators: [one],
      requiredScopes: [],
      allowAnonymous: false,
    });
    const several = { authenticators: [issuer('a'), issuer('b', 'b:'), one] };
    expect(authSettings(several).authenticators).toHaveLength(3);
  });

  it.each<[string, object | undefined]>([
    ['A2aAuthModule: forRoot({ authenticators:', undefined],
    ['A2aAuthModule: authenticators must be an array with at least one', { authenticators: [] }],
    ['authenticators[0] must be an object with a method authenticate', { authenticators: [{ name: 'x' }] }],
    ['authenticators[0].name must be', { authenticators: [{ ...one, name: 'a b' }] }],
    ["two authenticators have the name 'one'", { authenticators: [one, one] }],
    ['of several issuers each needs an ownerPrefix', { authenticators: [issuer('a'), issuer('b')] }],
    ['A2aAuthModule: requiredScopes is "use"', { authenticators: [one], requiredScopes: 'use' }],
    ['A2aAuthModule: allowAnonymous must be true or false', { authenticators: [one], allowAnonymous: 'yes' }],
    ['A2aAuthModule.scopes is not an option', { authenticators: [one], scopes: [] }],
  ])('refuses: %s', (text, options) => {
    expect(() => authSettings(options as never)).toThrow(text);
  });
});
