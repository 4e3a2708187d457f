import { describe, expect, it } from '@jest/globals';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { TenantPathsCheck } from './boot.checks.js';

describe('TenantPathsCheck', () => {
  const boot = (tenant: string | undefined, rest: boolean, tenantPaths: boolean): void => {
    const agent = { id: 'books', options: { tenant } } as RegisteredAgent;
    const bindings = { jsonRpc: true, rest, tenantPaths };
    new TenantPathsCheck({ all: () => [agent] }, { bindings }).onApplicationBootstrap();
  };

  it('refuses a declared tenant whose addresses are turned off, by the names of all three', () => {
    expect(() => boot('acme', true, false)).toThrow(/agent 'books' declares the tenant 'acme'.*bindings\.tenantPaths/);
  });

  it.each([
    ['acme', true, true],
    ['acme', false, false],
    [undefined, true, false],
  ] as const)('accepts tenant %s with rest: %s, tenantPaths: %s', (tenant, rest, tenantPaths) => {
    expect(() => boot(tenant, rest, tenantPaths)).not.toThrow();
  });
});
