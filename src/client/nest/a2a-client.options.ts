import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import type { AgentCard } from '../../protocol/model/index.js';
import type { A2aClientOptions } from '../options/client.options.js';

/** One agent to call: its URL or card, and the options of its client. */
export interface A2aClientAgent extends A2aClientOptions {
  /** URL of the agent, or of its card. */
  url?: string;
  /** Its card, instead of the URL. */
  agentCard?: AgentCard;
}

/** Options of `A2aClientModule.forRoot`. */
export interface A2aClientModuleOptions<Name extends string = string> {
  /** The agents to call, by the names under which they are injected. */
  agents: Readonly<Record<Name, A2aClientAgent>>;
  /** Options for all agents; an agent's own options take precedence. */
  defaults?: A2aClientOptions;
}

/** What is known before a factory runs. */
export interface A2aClientModuleExtras {
  /** Whether all modules of the application can inject the clients. Default true. */
  isGlobal?: boolean;
}

/** Options of `A2aClientModule.forRootAsync`. */
export interface A2aClientModuleAsyncOptions<Name extends string = string>
  extends Pick<ModuleMetadata, 'imports'>, A2aClientModuleExtras {
  /** The names of the agents that the factory describes: they decide what can be injected. */
  names: readonly Name[];
  useFactory: (...args: never[]) => A2aClientModuleOptions<Name> | Promise<A2aClientModuleOptions<Name>>;
  inject?: FactoryProvider['inject'];
}
