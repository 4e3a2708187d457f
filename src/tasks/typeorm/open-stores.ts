import { DataSource } from 'typeorm';
import { type PostgresOptions, a2aDataSourceOptions } from './data-source-options.js';
import { Database } from './database.js';
import { runMigrations } from './run-migrations.js';
import { type TypeOrmStores, createTypeOrmStores } from './typeorm-stores.js';
import type { TypeOrmStoresOptions } from './typeorm-stores.options.js';

export interface OpenTypeOrmStoresOptions extends TypeOrmStoresOptions {
  readonly dataSource?: Partial<PostgresOptions>;
}

export interface OpenTypeOrmStores extends TypeOrmStores {
  readonly dataSource: DataSource;
  close(): Promise<void>;
  reopen(): Promise<OpenTypeOrmStores>;
}

/** Connects, migrates the schema and opens the stores. `close` closes everything. */
export async function openTypeOrmStores(
  url: string,
  { dataSource: overrides, ...options }: OpenTypeOrmStoresOptions = {},
): Promise<OpenTypeOrmStores> {
  const dataSource = await new DataSource(a2aDataSourceOptions(url, overrides)).initialize();
  try {
    await runMigrations(dataSource);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  const stores = createTypeOrmStores(dataSource, options);
  return {
    ...stores,
    dataSource,
    reopen: () => openTypeOrmStores(url, { dataSource: overrides, ...options }),
    close: async () => {
      await stores.close();
      // A pool counts as ended while its last connections still close; their errors are of no interest.
      const { pool } = Database.of(dataSource);
      pool.removeAllListeners('error').on('error', () => undefined);
      await dataSource.destroy();
    },
  };
}
