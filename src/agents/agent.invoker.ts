import 'reflect-metadata';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { ExternalContextCreator, ModulesContainer, type NestContainer } from '@nestjs/core';
import type { AgentCard } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { A2A_CONTEXT_TYPE } from './a2a-execution-context.js';
import type { AgentExecutor } from './agent-executor.interface.js';
import { drainAgentEvents, isAgentEvents } from './agent-events.drain.js';
import type { A2aAgentOptions } from './agent-options.js';
import { denial } from './agent-denial.js';
import { AGENTS_MODULE_OPTIONS, type AgentsModuleOptions } from './agents.options.js';
import { NEST_METADATA } from './nest-metadata.js';
import type { RequestContext } from './request-context.js';
import type { TaskUpdater } from './task-updater.js';

/** Ends when all reported events are accepted or refused. The result of an interceptor is not an event: agents report through the updater. */
export type AgentCall = (context: RequestContext, updater: TaskUpdater) => Promise<void>;
/** `card` may be changed by the callee. */
export type AgentCardCall = (card: AgentCard, caller: CallContext) => Promise<unknown>;

type Method = (...args: never[]) => unknown;

/** An agent, and the class whose decorators apply to it: its own, or the one that it replaces (`overrideProvider`). */
export interface BoundAgent {
  readonly instance: AgentExecutor;
  readonly declaredBy: object;
}

type MethodName = 'execute' | 'cancel' | 'extendedAgentCard';

/** A filter that handles every error must not turn a denial into an approval. */
const ONLY_GUARDS = { guards: true, interceptors: false, filters: false };
const ALL = { guards: true, interceptors: true, filters: true };
const ENHANCERS = ['guards', 'interceptors', 'filters'] as const;

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

  bindExecute(bound: BoundAgent, replies: NonNullable<A2aAgentOptions['replies']>): AgentCall {
    const agent = bound.instance;
    const run: AgentCall = async (context, updater) => {
      try {
        if (context.aborted) throw context.signal.reason;
        const result: unknown = await agent.execute(context, updater);
        if (result !== undefined) {
          if (isAgentEvents(result)) await drainAgentEvents(result, context, updater, replies);
          else refuseResult(result, agent, 'execute');
        }
        const flushed = updater.flush();
        if (flushed) await flushed;
      } finally {
        const settled = updater.settled();
        if (settled) await settled;
      }
    };
    return this.#bind(bound, 'execute', agent.execute, run, { guards: false });
  }

  /**
   * Runs only the guards of a method, which may refuse a message or a cancel before anything is stored; undefined: there are
   * none. Guards of the class also apply to a `cancel` that the agent does not implement.
   */
  bindAdmission(bound: BoundAgent, name: 'execute' | 'cancel'): AgentCall | undefined {
    const method = bound.instance[name] ?? function cancel(): void {};
    if (!this.#has('guards', bound, decorated(bound, name, method))) return undefined;
    return this.#bind(bound, name, method, async () => undefined, ONLY_GUARDS);
  }

  bindCancel(bound: BoundAgent): AgentCall | undefined {
    const agent = bound.instance;
    const { cancel } = agent;
    if (!cancel) return undefined;
    const run: AgentCall = async (context, updater) => {
      try {
        const result: unknown = await cancel.call(agent, context, updater);
        if (isAgentEvents(result))
          throw new TypeError(`cancel() of ${nameOf(agent)} must not be a generator: report through the updater.`);
        refuseResult(result, agent, 'cancel');
        const flushed = updater.flush();
        if (flushed) await flushed;
      } finally {
        const settled = updater.settled();
        if (settled) await settled;
      }
    };
    return this.#bind(bound, 'cancel', cancel, run, { guards: false });
  }

  /** Guards of the class also apply to its extended card, even if no method makes one. */
  bindExtendedCard(bound: BoundAgent): AgentCardCall {
    const agent = bound.instance;
    const method =
      agent.extendedAgentCard ??
      function extendedAgentCard(card: AgentCard): AgentCard {
        return card;
      };
    return this.#bind(bound, 'extendedAgentCard', method, async (card: AgentCard, caller: CallContext) =>
      method.call(agent, card, caller),
    );
  }

  #bind<A extends unknown[], R>(
    bound: BoundAgent,
    name: MethodName,
    method: Method,
    run: (...args: A) => Promise<R>,
    enhancers: Partial<typeof ONLY_GUARDS> = {},
  ): (...args: A) => Promise<R> {
    const { instance, declaredBy } = bound;
    const handler = asHandler(decorated(bound, name, method), run);
    const applied = { ...ALL, ...enhancers };
    for (const kind of ENHANCERS) applied[kind] &&= this.#has(kind, bound, handler);
    // Nest's pipeline makes promises in each step, and logs each error that passes its filters, also if there is nothing to apply.
    const isPlain = name !== 'extendedAgentCard' && !Object.values(applied).includes(true);
    const call = isPlain
      ? (handler as (...args: unknown[]) => Promise<unknown>)
      : this.#contexts.create(
          instance.constructor === declaredBy ? instance : standIn(declaredBy),
          handler,
          name,
          undefined,
          undefined,
          undefined,
          undefined,
          applied,
          A2A_CONTEXT_TYPE,
        );
    const resultOf = (result: unknown): R => (name === 'extendedAgentCard' ? result : undefined) as R;
    const denied = (error: unknown): never => {
      throw denial(error);
    };
    return (...args) => call(...args).then(resultOf, denied);
  }

  /** Whether the class, the method or the application has some of these. */
  #has(kind: keyof typeof ONLY_GUARDS, { declaredBy }: BoundAgent, method: Method): boolean {
    return this.#inherits || [declaredBy, method].some((target) => Reflect.hasMetadata(NEST_METADATA[kind], target));
  }
}

/** The method whose decorators apply. */
function decorated({ instance, declaredBy }: BoundAgent, name: MethodName, method: Method): Method {
  if (instance.constructor === declaredBy) return method;
  const { prototype } = declaredBy as { readonly prototype?: Partial<Record<MethodName, Method>> };
  return prototype?.[name] ?? method;
}

/** Nest looks for enhancers, and for their module, by the constructor. */
const standIn = (declaredBy: object): object => Object.create(null, { constructor: { value: declaredBy } }) as object;

/** Nest's pipeline without the application's global enhancers: a creator whose container has no application config. */
function withoutGlobals(modules: ModulesContainer): ExternalContextCreator {
  const container: Pick<NestContainer, 'getModules'> = { getModules: () => modules };
  return ExternalContextCreator.fromContainer(container as NestContainer);
}

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
