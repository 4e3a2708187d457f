import 'reflect-metadata';
import { Injectable, type InjectableOptions } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { AgentExecutor } from './agent-executor.interface.js';
import type { A2aAgentOptions } from './agent-options.js';
import { NEST_METADATA } from './nest-metadata.js';

/** The metadata that marks agents. */
export const AgentMark = DiscoveryService.createDecorator<A2aAgentOptions>();

/** A class whose instances are agents: it has `execute`. */
export type AgentClass = abstract new (...args: never[]) => AgentExecutor;

/**
 * Makes a provider an A2A agent, and the class injectable: `@Injectable()` is not needed. List the class in the `providers`
 * of any module. The options are checked at boot.
 */
export function A2aAgent(options: A2aAgentOptions): (target: AgentClass) => void {
  return (target) => {
    // A scope set by @Injectable() is kept, so that the validator can refuse it by name.
    Injectable(Reflect.getOwnMetadata(NEST_METADATA.scope, target) as InjectableOptions | undefined)(target);
    AgentMark(options)(target);
  };
}
