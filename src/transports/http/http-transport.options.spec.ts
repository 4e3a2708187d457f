import { describe, expect, it } from '@jest/globals';
import { HTTP_TRANSPORT_DEFAULTS, httpBindings, httpTransportOptions } from './http-transport.options.js';

describe('httpTransportOptions', () => {
  it('has a default for each option, which undefined leaves in place', () => {
    expect(httpTransportOptions()).toEqual(HTTP_TRANSPORT_DEFAULTS);
    expect(httpTransportOptions({ keepAliveMs: undefined })).toEqual(HTTP_TRANSPORT_DEFAULTS);
  });

  it.each([
    ['', ''],
    ['/', ''],
    ['a2a', '/a2a'],
    ['/a2a/', '/a2a'],
    ['x//y', '/x/y'],
  ])('turns the path "%s" into "%s"', (given, path) => {
    expect(httpTransportOptions({ path: given }).path).toBe(path);
  });

  it.each([{ path: '/:tenant' }, { path: '/a b' }, { path: '/*' }])('refuses %j', (given) => {
    expect(() => httpTransportOptions(given)).toThrow(/path: segment/);
  });

  it.each([
    ['bodyLimitBytes', 0],
    ['bodyLimitBytes', Number.NaN],
    ['keepAliveMs', 2 ** 31],
    ['keepAliveMs', 0.5],
    ['cardMaxAgeSeconds', -1],
  ])('refuses %s = %p by name', (name, value) => {
    expect(() => httpTransportOptions({ [name]: value })).toThrow(name);
  });
});

describe('httpBindings', () => {
  it('has all on but what is switched off', () => {
    expect(httpBindings()).toEqual({ jsonRpc: true, rest: true, tenantPaths: true });
    expect(httpBindings({ rest: false, jsonRpc: undefined })).toEqual({
      jsonRpc: true,
      rest: false,
      tenantPaths: true,
    });
  });

  it('refuses what would leave agents without an address, and names that are none', () => {
    expect(() => httpBindings({ rest: false, jsonRpc: false })).toThrow(
      'bindings: jsonRpc and rest must not both be off.',
    );
    expect(() => httpBindings({ REST: false } as never)).toThrow('bindings.REST is not an option. There are jsonRpc,');
  });
});
