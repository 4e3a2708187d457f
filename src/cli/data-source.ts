import { existsSync } from 'node:fs';
import { loadOptional } from '../common/load-optional.js';
import type { NamedDatabase } from '../storage/database-url.js';
import { isSchemaName, SCHEMA_NAME_RULE } from '../storage/schema-name.js';
import type { MigrationSource } from '../tasks/sql/migrations/migration-source.js';
import { CliError } from './cli.error.js';
import { told } from './database.js';

/** The schema that `--schema` names. @throws CliError */
export function schemaIn(schema: string | undefined): { schema?: string } {
  if (schema === undefined) return {};
  if (!isSchemaName(schema)) throw new CliError(`--schema must be ${SCHEMA_NAME_RULE}.`);
  return { schema };
}

/** Connects for `command`. `make`: a SQLite file that does not exist is made. Rejects with CliError. */
export async function opened(
  command: string,
  database: NamedDatabase & { schema?: string },
  make: boolean,
): Promise<MigrationSource> {
  if (database.schema !== undefined && database.type !== 'postgres')
    throw new CliError('--schema is for Postgres only.');
  if (database.type === 'sqlite' && !make && !existsSync(database.file))
    throw new CliError(`There is no file ${database.file}.`);
  const packages = ['typeorm@1', ...(database.type === 'postgres' ? ['pg@8'] : [])];
  try {
    return await loadOptional(command, packages, async () => {
      const { openMigrationSource } = await import('../tasks/sql/migrations/migration-source.js');
      return openMigrationSource(database);
    });
  } catch (error) {
    throw told(error);
  }
}
