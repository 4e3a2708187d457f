import type { Type } from '@nestjs/common';

/** The part of Nest's modules that is looked at. */
interface ImportedModule {
  readonly metatype: unknown;
  readonly name: string;
  readonly imports: ReadonlySet<ImportedModule>;
}

/** @throws Error naming the importers, if the application imports a module twice, or without its options */
export function assertImportedOnce(
  modules: readonly ImportedModule[],
  type: Type<unknown> | { readonly name: string },
  configured: boolean,
): void {
  const { name } = type;
  const found = modules.filter(({ metatype }) => metatype === type);
  const importers = modules
    .filter(({ imports }) => found.some((module) => imports.has(module)))
    .map((module) => module.name);
  const by = importers.join(' and ');
  const SHARE = `Keep the value of ${name}.forRoot() in a constant and import that, where you need what it exports.`;
  if (found.length > 1) {
    throw new Error(
      `${name} is imported ${found.length} times, by ${by}. It serves all agents of the application: import it once. ${SHARE}`,
    );
  }
  if (!configured)
    throw new Error(`${name} is imported without its options, by ${by}: import ${name}.forRoot(). ${SHARE}`);
}
