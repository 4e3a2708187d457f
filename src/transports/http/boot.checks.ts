import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import { HTTP_TRANSPORT_OPTIONS, type HttpTransportOptions } from './http-transport.options.js';

/** Fails the boot if cards would send clients to paths with a tenant, which are turned off. */
@Injectable()
export class TenantPathsCheck implements OnApplicationBootstrap {
  constructor(
    @Inject(AGENT_REGISTRY) private readonly agents: Pick<AgentRegistry, 'all'>,
    @Inject(HTTP_TRANSPORT_OPTIONS) private readonly options: Pick<HttpTransportOptions, 'bindings'>,
  ) {}

  onApplicationBootstrap(): void {
    const { rest, tenantPaths } = this.options.bindings;
    if (!rest || tenantPaths) return;
    const declared = this.agents.all().find((agent) => agent.options.tenant);
    if (!declared) return;
    throw new Error(
      `The card of agent '${declared.id}' declares the tenant '${declared.options.tenant}', whose HTTP+JSON paths ` +
        `bindings.tenantPaths: false turns off. Turn tenantPaths on, turn bindings.rest off, or declare no tenant.`,
    );
  }
}
