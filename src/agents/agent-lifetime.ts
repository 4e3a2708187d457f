import { Scope } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

export interface AgentLifetime {
  readonly type: 'singleton' | 'transient' | 'request';
  /** The request-scoped provider, when it is not the agent itself. */
  readonly cause?: string;
}

export function lifetimeOf(wrapper: Wrapper): AgentLifetime {
  if (wrapper.isTransient) return { type: 'transient' };
  if (wrapper.isDependencyTreeStatic()) return { type: 'singleton' };
  const cause = requestScopedIn(wrapper, new Set());
  return { type: 'request', ...(cause && cause !== wrapper && { cause: String(cause.name) }) };
}

/** Looks through what a provider is made of (constructor, properties) and what runs around it (enhancers). */
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
