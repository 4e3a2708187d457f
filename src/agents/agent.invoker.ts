import 'reflect-metadata';
import { HttpException, HttpStatus, Inject, Injectable, Optional } from '@nestjs/common';
import { EXCEPTION_FILTERS_METADATA } from '@nestjs/common/internal';
import { ExternalContextCreator, ModulesContainer, type NestContainer } from '@nestjs/core';
import { A2AError } from '../protocol/errors/index.js';
import { A2A_CONTEXT_TYPE } from './a2a-execution-context.js';
import type { AgentExecutor } from './agent-executor.interface.js';
import { drainAgentEvents, isAgentEvents } from './agent-events.drain.js';
import type { A2aAgentOptions } from './agent-options.js';
import { AGENTS_MODULE_OPTIONS, type AgentsModuleOptions } from './agents.options.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

export type AgentCall = (context: RequestContext, updater: TaskUpdater) => Promise<void>;

type Method = (context: RequestContext, updater: TaskUpdater) => unknown;

/**
 * Binds an agent's methods to Nest's pipeline: the guards, interceptors and filters of its class and method run around the
 * whole run, the draining of a generator included. Pipes do not apply: there are no parameters to transform.
 */
@Injectable()
export class AgentInvoker {
  readonly #contexts: ExternalContextCreator;
  readonly #inherits: boolean;

  constructor(
    inherited: ExternalContextCreator,
    modules: ModulesContainer,
    @Optional() @Inject(AGENTS_MODULE_OPTIONS) options?: AgentsModuleOptions,
  ) {
    this.#inherits = options?.inheritAppConfig ?? false;
    this.#contexts = this.#inherits ? inherited : withoutGlobals(modules);
  }

  bindExecute(agent: AgentExecutor, replies: NonNullable<A2aAgentOptions['replies']>): AgentCall {
    return this.#bind(agent, 'execute', agent.execute, async (context, updater) => {
      context.signal.throwIfAborted();
      const result: unknown = await agent.execute(context, updater);
      if (isAgentEvents(result)) await drainAgentEvents(result, context, updater, replies);
      else refuseStream(result, agent, 'execute');
    });
  }

  bindCancel(agent: AgentExecutor): AgentCall | undefined {
    const { cancel } = agent;
    if (!cancel) return undefined;
    return this.#bind(agent, 'cancel', cancel, async (context, updater) => {
      const result: unknown = await cancel.call(agent, context, updater);
      if (isAgentEvents(result))
        throw new TypeError(`cancel() of ${nameOf(agent)} must not be a generator: report through the updater.`);
      refuseStream(result, agent, 'cancel');
    });
  }

  #bind(agent: AgentExecutor, name: 'execute' | 'cancel', method: Method, run: AgentCall): AgentCall {
    const handler = asHandler(method, async (context, updater) => {
      try {
        await run(context, updater);
      } finally {
        await updater.settled();
      }
    });
    // Nest logs each error that passes a filter proxy; without filters the proxy has nothing else to do.
    const filters =
      this.#inherits ||
      [agent.constructor, handler].some((target) => Reflect.hasMetadata(EXCEPTION_FILTERS_METADATA, target));
    const call = this.#contexts.create(
      agent,
      handler,
      name,
      undefined,
      undefined,
      undefined,
      undefined,
      { guards: true, interceptors: true, filters },
      A2A_CONTEXT_TYPE,
    );
    return async (context, updater) => {
      try {
        await call(context, updater);
      } catch (error) {
        throw denial(error);
      }
    };
  }
}

/** Nest's pipeline without the application's global enhancers: a creator whose container has no application config. */
function withoutGlobals(modules: ModulesContainer): ExternalContextCreator {
  const container: Pick<NestContainer, 'getModules'> = { getModules: () => modules };
  return ExternalContextCreator.fromContainer(container as NestContainer);
}

/** Carries the metadata of the method, where enhancers and `Reflector` look for what decorators left. */
function asHandler(method: Method, run: AgentCall): (...args: unknown[]) => unknown {
  const handler = (...[context, updater]: unknown[]): unknown => run(context as RequestContext, updater as TaskUpdater);
  Object.defineProperty(handler, 'name', { value: method.name });
  for (const key of Reflect.getMetadataKeys(method) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, method), handler);
  }
  return handler;
}

/** A stream nobody reads would lose what the agent meant to say. */
function refuseStream(result: unknown, agent: AgentExecutor, method: string): void {
  if (typeof result !== 'object' || result === null) return;
  if (Symbol.iterator in result || 'subscribe' in result) {
    throw new TypeError(
      `${method}() of ${nameOf(agent)} returned ${'subscribe' in result ? 'an Observable' : 'a synchronous iterable'}: ` +
        'report through the updater, or be an async generator (async *execute).',
    );
  }
}

/** A guard's refusal, with a text that says nothing of the guard. */
function denial(error: unknown): unknown {
  if (!(error instanceof HttpException)) return error;
  if (error.getStatus() === HttpStatus.FORBIDDEN) {
    return new A2AError('PERMISSION_DENIED', 'You are not allowed to use this agent.', { cause: error });
  }
  if (error.getStatus() === HttpStatus.UNAUTHORIZED) {
    return new A2AError('UNAUTHENTICATED', 'This agent needs an authenticated caller: send valid credentials.', {
      cause: error,
    });
  }
  return error;
}

const nameOf = (agent: AgentExecutor): string => agent.constructor.name;
