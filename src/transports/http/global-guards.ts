import type { ModuleRef } from '@nestjs/core';

/** The part of Nest's configuration of an application that is read here; ModuleRef holds it, outside of its types. */
interface WithConfiguration {
  readonly container?: {
    readonly applicationConfig?: {
      getGlobalGuards(): readonly unknown[];
      getGlobalRequestGuards(): readonly unknown[];
    };
  };
}

/** Whether the application has guards for all its routes, so far. */
export function hasGlobalGuards(module: ModuleRef | undefined): boolean {
  const config = (module as unknown as WithConfiguration | undefined)?.container?.applicationConfig;
  return [config?.getGlobalGuards(), config?.getGlobalRequestGuards()].some((guards) => (guards?.length ?? 0) > 0);
}
