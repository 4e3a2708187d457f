import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { A2aTasks } from './a2a-tasks.js';
import { AGENT_PROVIDERS, AGENT_TOKENS } from './inject-a2a-agent.decorator.js';
import { InjectedAgents } from './injected-agents.js';
import { TaskEventDispatcher } from './handlers/task-event.dispatcher.js';
import { TaskEventExplorer } from './handlers/task-event.explorer.js';

/** In-process calls of agents, and handlers of their events. `imports` provide the request handler, agents, events, tasks and execution. */
@Module({ providers: AGENT_PROVIDERS, exports: AGENT_TOKENS })
export class InProcessModule {
  static register(imports: DynamicModule['imports']): DynamicModule {
    return {
      module: InProcessModule,
      imports: [DiscoveryModule, ...(imports ?? [])],
      providers: [A2aTasks, InjectedAgents, TaskEventDispatcher, TaskEventExplorer],
      exports: [A2aTasks],
    };
  }
}
