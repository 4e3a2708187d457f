import 'reflect-metadata';
import { Injectable, Scope } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { AgentMark } from './a2a-agent.decorator.js';
import { NEST_METADATA } from './nest-metadata.js';

type Declaring = object & { readonly name: string };
type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** A decorated class as Nest provides it; not validated yet. */
export interface DiscoveredAgent {
  readonly className: string;
  /** The module that provides it. */
  readonly moduleName: string;
  readonly kind: 'provider' | 'controller';
  readonly options: unknown;
  readonly instance: unknown;
  /** The class whose decorators apply. It is not the instance's own if `overrideProvider` has replaced the provider. */
  readonly declaredBy: object;
  readonly lifetime: AgentLifetime;
  /** Names of guards, interceptors and filters that would be skipped. */
  readonly lostEnhancers: readonly string[];
}

/** Finds the classes with `@A2aAgent()` in all modules of the application, sorted by name. */
@Injectable()
export class AgentExplorer {
  constructor(private readonly discovery: DiscoveryService) {}

  explore(): DiscoveredAgent[] {
    const found = [
      ...agentsIn(this.discovery.getProviders()).map((wrapper) => this.#discovered(wrapper, 'provider')),
      ...agentsIn(this.discovery.getControllers()).map((wrapper) => this.#discovered(wrapper, 'controller')),
    ];
    return found.sort((a, b) => Number(a.className > b.className) - Number(a.className < b.className));
  }

  #discovered(wrapper: Wrapper, kind: DiscoveredAgent['kind']): DiscoveredAgent {
    const declaredBy = declaringClass(wrapper) ?? Object;
    return {
      className: declaredBy.name,
      moduleName: wrapper.host?.name ?? '?',
      kind,
      options: Reflect.getMetadata(AgentMark.KEY, declaredBy) as unknown,
      instance: wrapper.instance as unknown,
      declaredBy,
      lifetime: lifetimeOf(wrapper),
      lostEnhancers: enhancersWithoutInstance(wrapper, declaredBy),
    };
  }
}

/**
 * The search of Nest 11 by a decorator leaves out values, and classes with a second discoverable decorator: so each provider
 * is looked at. An alias (`useExisting`) is the same agent again.
 */
const agentsIn = (wrappers: Wrapper[]): Wrapper[] =>
  wrappers.filter((wrapper) => !wrapper.isAlias && declaringClass(wrapper) !== undefined);

/** The class with `@A2aAgent()`: the instance's, or that of the provider if a test has replaced the instance. */
function declaringClass({ instance, metatype, token }: Wrapper): Declaring | undefined {
  const own: unknown = Object(instance).constructor;
  return [own, metatype, token].find(
    (candidate) => typeof candidate === 'function' && Reflect.hasMetadata(AgentMark.KEY, candidate),
  ) as Declaring | undefined;
}

const METHODS = ['execute', 'cancel', 'extendedAgentCard'] as const;
const KINDS = [NEST_METADATA.guards, NEST_METADATA.interceptors, NEST_METADATA.filters];

/** Names of the enhancer classes of an agent's class and methods that Nest has no instance of: it skips them silently. */
function enhancersWithoutInstance({ host, instance, metatype }: Wrapper, declaredBy: unknown): string[] {
  const members = Object(instance) as { constructor: unknown } & Record<(typeof METHODS)[number], unknown>;
  const targets = new Set(
    [metatype, declaredBy, members.constructor, ...METHODS.map((name) => members[name])].filter(
      (target) => typeof target === 'function',
    ),
  );
  const bound = [...targets].flatMap((target) => KINDS.flatMap((kind) => enhancersOf(kind, target as object)));
  const missing = bound.filter((enhancer) => typeof enhancer === 'function' && !host?.injectables.has(enhancer));
  return [...new Set(missing.map((enhancer) => (enhancer as { name: string }).name))];
}

const enhancersOf = (kind: string, target: object): unknown[] =>
  (Reflect.getMetadata(kind, target) as unknown[] | undefined) ?? [];

interface AgentLifetime {
  readonly type: 'singleton' | 'transient' | 'request';
  /** The request-scoped provider, if it is not the agent itself. */
  readonly cause?: string;
}

function lifetimeOf(wrapper: Wrapper): AgentLifetime {
  if (wrapper.isTransient) return { type: 'transient' };
  if (wrapper.isDependencyTreeStatic()) return { type: 'singleton' };
  const cause = requestScopedIn(wrapper, new Set());
  return { type: 'request', ...(cause && cause !== wrapper && { cause: String(cause.name) }) };
}

/** Searches the dependencies of a provider (constructor, properties) and its enhancers. */
function requestScopedIn(wrapper: Wrapper, seen: Set<Wrapper>): Wrapper | undefined {
  if (seen.has(wrapper)) return undefined;
  seen.add(wrapper);
  if (wrapper.scope === Scope.REQUEST) return wrapper;
  const needed = [
    ...(wrapper.getCtorMetadata() ?? []),
    ...(wrapper.getPropertiesMetadata() ?? []).map((property) => property.wrapper),
    ...(wrapper.getEnhancersMetadata() ?? []),
  ];
  for (const next of needed) {
    const found = next && requestScopedIn(next, seen);
    if (found) return found;
  }
  return undefined;
}
