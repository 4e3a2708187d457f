import 'reflect-metadata';
import { Injectable, Scope } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { EXCEPTION_FILTERS_METADATA, GUARDS_METADATA, INTERCEPTORS_METADATA } from '@nestjs/common/internal';
import { AgentMark } from './a2a-agent.decorator.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** A decorated class as Nest provides it; not validated yet. */
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

/** Finds the classes with `@A2aAgent()` in all modules of the application, sorted by name. */
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

const METHODS = ['execute', 'cancel', 'extendedAgentCard'] as const;
const KINDS = [GUARDS_METADATA, INTERCEPTORS_METADATA, EXCEPTION_FILTERS_METADATA];

/** Names of the enhancer classes of an agent's class and methods that Nest has no instance of: it skips them silently. */
function enhancersWithoutInstance({ host, instance, metatype }: Wrapper): string[] {
  const members = Object(instance) as { constructor: unknown } & Record<(typeof METHODS)[number], unknown>;
  const targets = new Set(
    [metatype, members.constructor, ...METHODS.map((name) => members[name])].filter(
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
