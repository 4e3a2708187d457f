import { describe, expect, it } from '@jest/globals';
import { type TenantsOptions, tenantsOptions } from './tenants.options.js';

describe('tenantsOptions', () => {
  it.each<[TenantsOptions]>([
    [{}],
    [{ declared: 'acme' }],
    [{ declared: 'Acme-2.0_x~y', required: false }],
    [{ required: true, resolve: () => undefined }],
    [{ declared: undefined, resolve: async () => 'acme' }],
  ])('takes %j', (options) => {
    expect(tenantsOptions(options)).toBe(options);
  });

  it('takes nothing for no options', () => expect(tenantsOptions()).toEqual({}));

  it.each<[string, object]>([
    ['A2aModule: tenants.declared is ""', { declared: '' }],
    ['A2aModule: tenants.declared is 7', { declared: 7 }],
    ['A2aModule: tenants.declared is "a/b"', { declared: 'a/b' }],
    ['A2aModule: tenants.declared is "a:b"', { declared: 'a:b' }],
    ['A2aModule: tenants.declared is "ü"', { declared: 'ü' }],
    ['A2aModule: tenants.declared is "Agents"', { declared: 'Agents' }],
    ['A2aModule: tenants.required must be true or false', { required: 'yes' }],
    ['A2aModule: tenants.resolve must be a function', { resolve: 'acme' }],
    ['A2aModule: tenants has the unknown key require; known are declared, required, resolve', { require: true }],
  ])('refuses: %s', (text, options) => {
    expect(() => tenantsOptions(options)).toThrow(text);
  });
});
