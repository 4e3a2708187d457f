import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AGENT_REGISTRY, type AgentRegistry } from '../../agents/agent-registry.interface.js';
import { A2aAgentTasks } from './a2a-agent-tasks.js';
import { A2aTasks } from './a2a-tasks.js';
import { knownAgents } from './known-agents.js';

/** Makes what `@InjectA2aAgent()` injects, and fails the boot if a class injects an agent that does not exist. */
@Injectable()
export class InjectedAgents implements OnApplicationBootstrap {
  /** The first class that injects each agent, until the agents are known. */
  readonly #injectedBy = new Map<string, string>();

  constructor(
    private readonly tasks: A2aTasks,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
  ) {}

  inject(agent: string, inquirer: object): A2aAgentTasks {
    if (!this.#injectedBy.has(agent)) this.#injectedBy.set(agent, inquirer?.constructor?.name ?? 'A class');
    return new A2aAgentTasks(agent, this.tasks);
  }

  /** @throws TypeError */
  onApplicationBootstrap(): void {
    for (const [agent, className] of this.#injectedBy) {
      if (this.agents.get(agent)) continue;
      throw new TypeError(
        `${className}: @InjectA2aAgent('${agent}') names no agent of this application. ${knownAgents(this.agents)}`,
      );
    }
  }
}
