import 'reflect-metadata';
import { EXCEPTION_FILTERS_METADATA, GUARDS_METADATA, INTERCEPTORS_METADATA } from '@nestjs/common/internal';
import type { DiscoveryService } from '@nestjs/core';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

const METHODS = ['execute', 'cancel', 'extendedAgentCard'] as const;
const KINDS = [GUARDS_METADATA, INTERCEPTORS_METADATA, EXCEPTION_FILTERS_METADATA];

/** Names of the enhancer classes of an agent's class and methods. Nest skips those it has no instance of, without a word. */
export function enhancersWithoutInstance({ host, instance, metatype }: Wrapper): string[] {
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
