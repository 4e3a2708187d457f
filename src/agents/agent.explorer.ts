import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { AgentMark } from './a2a-agent.decorator.js';
import { enhancersWithoutInstance } from './agent-enhancers.js';
import { type AgentLifetime, lifetimeOf } from './agent-lifetime.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** A decorated class as Nest holds it; nothing of it is checked yet. */
export interface DiscoveredAgent {
  readonly className: string;
  /** The module that provides it. */
  readonly moduleName: string;
  readonly kind: 'provider' | 'controller';
  readonly options: unknown;
  readonly instance: unknown;
  readonly lifetime: AgentLifetime;
  /** Names of guards, interceptors and filters that would be skipped. */
  readonly lostEnhancers: readonly string[];
}

/** Finds the classes with `@A2aAgent()` in all modules of the application; ordered by their names, not by chance. */
@Injectable()
export class AgentExplorer {
  constructor(private readonly discovery: DiscoveryService) {}

  explore(): DiscoveredAgent[] {
    const query = { metadataKey: AgentMark.KEY };
    const found = [
      ...this.discovery.getProviders(query).map((wrapper) => this.#discovered(wrapper, 'provider')),
      ...this.discovery.getControllers(query).map((wrapper) => this.#discovered(wrapper, 'controller')),
    ];
    return found.sort((a, b) => Number(a.className > b.className) - Number(a.className < b.className));
  }

  #discovered(wrapper: Wrapper, kind: DiscoveredAgent['kind']): DiscoveredAgent {
    const instance: unknown = wrapper.instance;
    return {
      className: wrapper.metatype?.name ?? String(wrapper.name),
      moduleName: wrapper.host?.name ?? '?',
      kind,
      options: this.discovery.getMetadataByDecorator(AgentMark, wrapper),
      instance,
      lifetime: lifetimeOf(wrapper),
      lostEnhancers: enhancersWithoutInstance(wrapper),
    };
  }
}
