import { ConsoleLogger, type LoggerService, Module, type ModuleMetadata, type Provider } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { A2aAgentOptions } from '../../src/agents/agent-options.js';
import { AGENT_REGISTRY, type AgentRegistry, type RegisteredAgent } from '../../src/agents/agent-registry.interface.js';
import { AgentsModule } from '../../src/agents/agents.module.js';
import type { AgentsModuleOptions } from '../../src/agents/agents.options.js';

/** Options that pass the checks at boot. */
export const agentOptions = (id: string, more: Partial<A2aAgentOptions> = {}): A2aAgentOptions => ({
  id,
  description: `Agent ${id}`,
  skills: [{ id: 's', name: 'S', description: 'd', tags: ['t'] }],
  ...more,
});

export const registryOf = (app: TestingModule): AgentRegistry =>
  app.get<AgentRegistry>(AGENT_REGISTRY, { strict: false });

/** An application with the AgentsModule, started; the caller closes it. */
export async function agentApp(
  metadata: ModuleMetadata,
  options?: AgentsModuleOptions,
  logger: LoggerService = new ConsoleLogger({ logLevels: ['fatal'] }),
): Promise<TestingModule> {
  const imports = [options ? AgentsModule.forRoot(options) : AgentsModule, ...(metadata.imports ?? [])];
  const app = await Test.createTestingModule({ ...metadata, imports })
    .setLogger(logger)
    .compile();
  await app.init();
  return app;
}

/** A module as a class, without a line for its name. */
export function moduleOf(name: string, metadata: ModuleMetadata): new () => object {
  const holder = { [name]: class {} }[name] as new () => object;
  Module(metadata)(holder);
  return holder;
}

/** The one agent of an application whose module ShopModule provides these. */
export async function oneAgent(
  providers: Provider[],
  options?: AgentsModuleOptions,
  globals: Provider[] = [],
): Promise<{ app: TestingModule; agent: RegisteredAgent }> {
  const app = await agentApp({ imports: [moduleOf('ShopModule', { providers })], providers: globals }, options);
  const [agent] = registryOf(app).all();
  if (!agent) throw new Error('the application has no agent');
  return { app, agent };
}
