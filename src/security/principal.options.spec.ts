import { describe, expect, it } from '@jest/globals';
import { keptClaims, principalOptions } from './principal.options.js';

describe('principalOptions', () => {
  it.each([[undefined], [{}], [{ keepClaims: [] }], [{ keepClaims: ['roles'] }]])('takes %j', (options) => {
    expect(principalOptions(options)).toEqual(options ?? {});
  });

  it.each<[string, object]>([
    ['A2aModule: principal.keepClaims is "roles": use an array', { keepClaims: 'roles' }],
    ['A2aModule: principal.keepClaims is [""]: use an array', { keepClaims: [''] }],
    ['A2aModule: principal.keep is not an option. There are keepClaims, anonymous.', { keep: [] }],
  ])('refuses: %s', (text, options) => {
    expect(() => principalOptions(options)).toThrow(text);
  });
});

describe('keptClaims', () => {
  const claims = { roles: ['reader'], email: 'a@example.com', absent: undefined };

  it('has those that the option names, and that the caller has itself', () => {
    expect(keptClaims(claims, {})).toBeUndefined();
    expect(keptClaims(undefined, { keepClaims: ['roles'] })).toBeUndefined();
    expect(keptClaims(claims, { keepClaims: ['roles', 'absent', 'toString', 'other'] })).toEqual({ roles: ['reader'] });
    expect(keptClaims(claims, { keepClaims: ['absent'] })).toBeUndefined();
  });

  it('says what to do about those that are too large', () => {
    const large = { email: 'x'.repeat(8 * 1024) };
    expect(() => keptClaims(large, { keepClaims: ['email'] })).toThrow(/at most 8192 are stored.*keepClaims/);
    expect(keptClaims(large, { keepClaims: ['roles'] })).toBeUndefined();
  });
});
