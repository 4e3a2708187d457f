import { DataSource } from 'typeorm';
import type { SqlStores } from '../core/sql-stores.js';
import type { SqlStoresOptions } from '../core/sql-stores.options.js';
import { type PostgresOptions, a2aDataSourceOptions } from './data-source-options.js';
import { PostgresDatabase } from './postgres.database.js';
import { postgresStores } from './postgres-stores.js';
import { runMigrations } from './run-migrations.js';

export interface OpenPostgresStoresOptions extends SqlStoresOptions {
  readonly dataSource?: Partial<PostgresOptions>;
}

export interface OpenPostgresStores extends SqlStores {
  readonly dataSource: DataSource;
  reopen(): Promise<OpenPostgresStores>;
}

/** Connects, migrates the schema and opens the stores. `close` closes everything. */
export async function openPostgresStores(
  url: string,
  { dataSource: overrides, ...options }: OpenPostgresStoresOptions = {},
): Promise<OpenPostgresStores> {
  const dataSource = await new DataSource(a2aDataSourceOptions(url, overrides)).initialize();
  try {
    await runMigrations(dataSource);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  const stores = postgresStores(dataSource, options);
  return {
    ...stores,
    dataSource,
    reopen: () => openPostgresStores(url, { dataSource: overrides, ...options }),
    close: async () => {
      await stores.close();
      // A pool counts as ended while its last connections still close; their errors are of no interest.
      const { pool } = PostgresDatabase.of(dataSource);
      pool.removeAllListeners('error').on('error', () => undefined);
      await dataSource.destroy();
    },
  };
}
