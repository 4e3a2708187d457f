import { Inject, Injectable } from '@nestjs/common';
import { denial } from '../agents/agent-denial.js';
import { AGENT_REGISTRY, type AgentRegistry } from '../agents/agent-registry.interface.js';
import { invalidParams } from '../protocol/errors/index.js';
import { type CallContext, isAuthenticated } from '../security/call-context.js';
import { TENANTS_OPTIONS, type TenantsOptions } from '../security/tenants.options.js';
import { REQUEST_LIMITS } from '../protocol/validation/limits.js';

/** Determines the tenant of a call, before any operation reads anything. */
@Injectable()
export class TenantAdmission {
  constructor(
    @Inject(TENANTS_OPTIONS) private readonly options: TenantsOptions,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
  ) {}

  /**
   * The caller with the tenant of the call, at once unless a resolver is asked; rejects with what that throws. INVALID_PARAMS when a
   * required tenant is missing, and when an identified caller names a tenant that nothing confirms as its own.
   */
  admit({ namesTenant = false, ...caller }: CallContext): CallContext | Promise<CallContext> {
    const declared = this.agents.get(caller.agent)?.options.tenant ?? '';
    const named = caller.tenant || declared;
    if (this.options.resolve)
      return this.#resolved({ ...caller, tenant: named }).then((tenant) => this.#within(tenant, caller));
    if (namesTenant && named !== declared && isAuthenticated(caller)) throw notTheirs();
    return this.#within(named, caller);
  }

  #within(tenant: string, caller: CallContext): CallContext {
    if (tenant === '' && this.options.required) throw invalidParams([{ field: 'tenant', description: 'is required' }]);
    return tenant === caller.tenant ? caller : { ...caller, tenant };
  }

  async #resolved(caller: CallContext): Promise<string> {
    let tenant: unknown;
    try {
      tenant = (await this.options.resolve?.(caller)) ?? '';
    } catch (error) {
      throw denial(error);
    }
    if (isTenant(tenant)) return tenant;
    throw new TypeError(
      `tenants.resolve gave no tenant for agent '${caller.agent}': return a string of at most ${REQUEST_LIMITS.idBytes} bytes, or undefined.`,
    );
  }
}

const notTheirs = () =>
  invalidParams([
    {
      field: 'tenant',
      description: 'does not admit this caller: leave it out, or ask the operator of the server to be admitted',
    },
  ]);

/** What a database can store as a key. */
const isTenant = (value: unknown): value is string =>
  typeof value === 'string' &&
  !value.includes('\0') &&
  value.isWellFormed() &&
  Buffer.byteLength(value) <= REQUEST_LIMITS.idBytes;
