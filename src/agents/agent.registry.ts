import { Inject, Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { SafeLogger } from '../common/safe-logger.js';
import type { AgentExecutor } from './agent-executor.interface.js';
import { withDefaults } from './agent-defaults.js';
import type { A2aAgentOptions } from './agent-options.js';
import type { AgentRegistry, RegisteredAgent } from './agent-registry.interface.js';
import { AgentExplorer, type DiscoveredAgent } from './agent.explorer.js';
import { AgentInvoker } from './agent.invoker.js';
import { AGENTS_MODULE_OPTIONS, type AgentsModuleOptions } from './agents.options.js';
import { extendedCardMaker } from './cards/extended-card.maker.js';
import { validateAgents } from './agent.validator.js';

/** The agents of the application, discovered and validated when the module is initialized. Throws AgentConfigurationError then. */
@Injectable()
export class DiscoveredAgentRegistry implements AgentRegistry, OnModuleInit {
  readonly #log = new SafeLogger('AgentRegistry');
  #agents?: ReadonlyMap<string, RegisteredAgent>;

  constructor(
    private readonly explorer: AgentExplorer,
    private readonly invoker: AgentInvoker,
    @Optional() @Inject(AGENTS_MODULE_OPTIONS) private readonly options: AgentsModuleOptions = {},
  ) {}

  onModuleInit(): void {
    const found = this.explorer.explore();
    validateAgents(found, this.options.cards);
    const agents = found.map((agent) => this.#registered(agent));
    this.#agents = new Map(agents.map((agent) => [agent.id, agent]));
    if (agents.length === 0) {
      this.#log.warn(
        'There are no agents: put a class with @A2aAgent({ … }) into the providers of a module that the application imports.',
      );
    }
    for (const { id, className, options, extendedCard } of agents) {
      this.#log.log(`Agent ${id}${options.default ? ' (default)' : ''}: ${className}`);
      if (extendedCard && !options.securitySchemes) {
        this.#log.warn(
          `Agent ${id} has an extended card for authenticated callers, but its card declares no authentication: set securitySchemes.`,
        );
      }
    }
  }

  get(id: string): RegisteredAgent | undefined {
    return (this.#agents ?? this.#known()).get(id);
  }

  get default(): RegisteredAgent | undefined {
    return this.all().find(({ options }) => options.default);
  }

  all(): readonly RegisteredAgent[] {
    return [...this.#known().values()];
  }

  #known(): ReadonlyMap<string, RegisteredAgent> {
    if (!this.#agents)
      throw new Error(
        'The agents are known after the application is initialized: read them in onApplicationBootstrap or later.',
      );
    return this.#agents;
  }

  #registered(found: DiscoveredAgent): RegisteredAgent {
    const options = withDefaults(found.options as A2aAgentOptions, this.options);
    const instance = found.instance as AgentExecutor;
    const bound = { instance, declaredBy: found.declaredBy };
    const admit = this.invoker.bindAdmission(bound, 'execute');
    const admitCancel = this.invoker.bindAdmission(bound, 'cancel');
    const cancel = this.invoker.bindCancel(bound);
    return Object.freeze({
      id: options.id,
      options,
      className: found.className,
      instance,
      execute: this.invoker.bindExecute(bound, options.replies),
      ...(admit && { admit }),
      ...(admitCancel && { admitCancel }),
      ...(cancel && { cancel }),
      ...((options.extendedCard ?? instance.extendedAgentCard) && {
        extendedCard: extendedCardMaker(this.invoker.bindExtendedCard(bound), options.extendedCard),
      }),
    });
  }
}
