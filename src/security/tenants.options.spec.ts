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
    expect(tenantsOptions(options)).toEqual({ required: false, ...options });
  });

  it('fills in the defaults', () => expect(tenantsOptions()).toEqual({ required: false }));

  it.each<[string, object]>([
    ['A2aModule: tenants.declared is ""', { declared: '' }],
    ['A2aModule: tenants.declared is 7', { declared: 7 }],
    ['A2aModule: tenants.declared is "a/b"', { declared: 'a/b' }],
    ['A2aModule: tenants.declared is "a:b"', { declared: 'a:b' }],
    ['A2aModule: tenants.declared is "ü"', { declared: 'ü' }],
    ['A2aModule: tenants.declared is "Agents"', { declared: 'Agents' }],
    ['A2aModule: tenants.required must be true or false', { required: 'yes' }],
    ['A2aModule: tenants.resolve must be a function', { resolve: 'acme' }],
    ['A2aModule: tenants.require is not an option. There are declared, required, resolve', { require: true }],
  ])('refuses: %s', (text, options) => {
    expect(() => tenantsOptions(options)).toThrow(text);
  });
});
