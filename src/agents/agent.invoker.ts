import 'reflect-metadata';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { EXCEPTION_FILTERS_METADATA, GUARDS_METADATA } from '@nestjs/common/internal';
import { ExternalContextCreator, ModulesContainer, type NestContainer } from '@nestjs/core';
import type { AgentCard } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { A2A_CONTEXT_TYPE } from './a2a-execution-context.js';
import type { AgentExecutor } from './agent-executor.interface.js';
import { drainAgentEvents, isAgentEvents } from './agent-events.drain.js';
import type { A2aAgentOptions } from './agent-options.js';
import { denial } from './agent-denial.js';
import { AGENTS_MODULE_OPTIONS, type AgentsModuleOptions } from './agents.options.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

export type AgentCall = (context: RequestContext, updater: TaskUpdater) => Promise<void>;
/** `card` may be changed by the callee. */
export type AgentCardCall = (card: AgentCard, caller: CallContext) => Promise<unknown>;

type Method = (...args: never[]) => unknown;

/** A filter that handles every error must not turn a denial into an approval. */
const ONLY_GUARDS = { guards: true, interceptors: false, filters: false };

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
    const run: AgentCall = async (context, updater) => {
      context.signal.throwIfAborted();
      const result: unknown = await agent.execute(context, updater);
      if (isAgentEvents(result)) await drainAgentEvents(result, context, updater, replies);
      else refuseResult(result, agent, 'execute');
    };
    return silent(this.#bind(agent, 'execute', agent.execute, settling(run), { guards: false }));
  }

  /**
   * Runs only the guards of a method, which may refuse a message or a cancel before anything is stored; undefined: there are
   * none. Guards of the class also apply to a `cancel` that the agent does not implement.
   */
  bindAdmission(agent: AgentExecutor, name: 'execute' | 'cancel'): AgentCall | undefined {
    const method = agent[name] ?? function cancel(): void {};
    const isGuarded =
      this.#inherits || [agent.constructor, method].some((target) => Reflect.hasMetadata(GUARDS_METADATA, target));
    if (!isGuarded) return undefined;
    return silent(this.#bind(agent, name, method, async () => undefined, ONLY_GUARDS));
  }

  bindCancel(agent: AgentExecutor): AgentCall | undefined {
    const { cancel } = agent;
    if (!cancel) return undefined;
    const run: AgentCall = async (context, updater) => {
      const result: unknown = await cancel.call(agent, context, updater);
      if (isAgentEvents(result))
        throw new TypeError(`cancel() of ${nameOf(agent)} must not be a generator: report through the updater.`);
      refuseResult(result, agent, 'cancel');
    };
    return silent(this.#bind(agent, 'cancel', cancel, settling(run), { guards: false }));
  }

  /** Guards of the class also apply to its extended card, even if no method makes one. */
  bindExtendedCard(agent: AgentExecutor): AgentCardCall {
    const method =
      agent.extendedAgentCard ??
      function extendedAgentCard(card: AgentCard): AgentCard {
        return card;
      };
    return this.#bind(agent, 'extendedAgentCard', method, async (card: AgentCard, caller: CallContext) =>
      method.call(agent, card, caller),
    );
  }

  #bind<A extends unknown[], R>(
    agent: AgentExecutor,
    name: 'execute' | 'cancel' | 'extendedAgentCard',
    method: Method,
    run: (...args: A) => Promise<R>,
    enhancers: Partial<typeof ONLY_GUARDS> = {},
  ): (...args: A) => Promise<R> {
    const handler = asHandler(method, run);
    // Nest logs each error that passes a filter proxy; without filters the proxy does nothing else.
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
      { guards: true, interceptors: true, filters, ...enhancers },
      A2A_CONTEXT_TYPE,
    );
    return async (...args) => {
      try {
        return (await call(...args)) as R;
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

/** The run ends when all reported events are accepted or refused. */
const settling =
  (run: AgentCall): AgentCall =>
  async (context, updater) => {
    try {
      await run(context, updater);
      await updater.flush();
    } finally {
      await updater.settled();
    }
  };

/** The result of an interceptor is not an event: agents report through the updater. */
const silent =
  (call: AgentCall): AgentCall =>
  async (context, updater) => {
    await call(context, updater);
  };

/** Has the metadata of the method, which enhancers and `Reflector` read. */
function asHandler<A extends unknown[]>(method: Method, run: (...args: A) => unknown): (...args: unknown[]) => unknown {
  const handler = (...args: unknown[]): unknown => run(...(args as A));
  Object.defineProperty(handler, 'name', { value: method.name });
  for (const key of Reflect.getMetadataKeys(method) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, method), handler);
  }
  return handler;
}

/** Refuses results that would be ignored. */
function refuseResult(result: unknown, agent: AgentExecutor, method: string): void {
  if (result === undefined || result === null) return;
  const report = 'report through the updater, or be an async generator (async *execute).';
  if (typeof result !== 'object')
    throw new TypeError(`${method}() of ${nameOf(agent)} returned a ${typeof result}: ${report}`);
  if (Symbol.iterator in result || 'subscribe' in result) {
    throw new TypeError(
      `${method}() of ${nameOf(agent)} returned ${'subscribe' in result ? 'an Observable' : 'a synchronous iterable'}: ` +
        report,
    );
  }
}

const nameOf = (agent: AgentExecutor): string => agent.constructor.name;
