import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AGENT_REGISTRY } from './agent-registry.interface.js';
import { AgentExplorer } from './agent.explorer.js';
import { AgentInvoker } from './agent.invoker.js';
import { DiscoveredAgentRegistry } from './agent.registry.js';
import { ConfigurableModuleClass } from './agents.options.js';

/** Finds the application's agents. Use it plain, with `forRoot({...})` or with `forRootAsync({...})`. */
@Module({
  imports: [DiscoveryModule],
  providers: [AgentExplorer, AgentInvoker, { provide: AGENT_REGISTRY, useClass: DiscoveredAgentRegistry }],
  exports: [AGENT_REGISTRY],
})
export class AgentsModule extends ConfigurableModuleClass {}
