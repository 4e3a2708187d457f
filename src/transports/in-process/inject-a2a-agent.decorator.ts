import { type FactoryProvider, Inject, Scope } from '@nestjs/common';
import { INQUIRER } from '@nestjs/core';
import { A2aAgentTasks } from './a2a-agent-tasks.js';
import { InjectedAgents } from './injected-agents.js';

/**
 * A provider for each agent that some class of this process injects. Nest reads the lists when it has found all modules, and by then
 * all decorators have run. A transient provider is made only where it is injected, so other applications of the process are not affected.
 */
export const AGENT_PROVIDERS: FactoryProvider<A2aAgentTasks>[] = [];
export const AGENT_TOKENS: string[] = [];

/** The token of the `A2aAgentTasks` of an agent, for `overrideProvider` and `app.resolve`. */
export const getA2aAgentToken = (agent: string): string => `A2aAgent:${agent}`;

/**
 * Injects the `A2aAgentTasks` of an agent of this application. If there is no such agent, the boot fails and names the class.
 *
 * @example
 * constructor(@InjectA2aAgent('writer') private readonly writer: A2aAgentTasks) {}
 */
export function InjectA2aAgent(agent: string): ReturnType<typeof Inject> {
  const token = getA2aAgentToken(agent);
  if (!AGENT_TOKENS.includes(token)) {
    AGENT_TOKENS.push(token);
    AGENT_PROVIDERS.push({
      provide: token,
      scope: Scope.TRANSIENT,
      inject: [InjectedAgents, INQUIRER],
      useFactory: (agents: InjectedAgents, inquirer: object) => agents.inject(agent, inquirer),
    });
  }
  return Inject(token);
}
