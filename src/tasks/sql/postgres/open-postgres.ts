import type { TlsOptions } from 'node:tls';
import { DataSource } from 'typeorm';
import type { Stores } from '../../stores.js';
import { a2aDataSourceOptions, migrationDataSourceOptions } from './data-source-options.js';
import { PostgresDatabase } from './postgres.database.js';
import { connectionConfig, type DatabaseClientConfig } from './database-client.js';
import { checkMigrations } from '../migrations/check-migrations.js';
import { DEFAULT_MIGRATIONS, type MigrationsAtStart } from '../migrations/migrations-at-start.js';
import { sql } from '../core/sql.js';
import type { SqlStoresOptions } from '../core/sql-stores.options.js';
import { runMigrations } from './run-migrations.js';
import { postgresStores } from './postgres-stores.js';

/** A health check must not hold a connection that does not answer. */
const PING_TIMEOUT_MS = 2_000;

export interface PostgresConnectionOptions {
  readonly url: string;
  readonly password?: () => string | Promise<string>;
  readonly ssl?: boolean | TlsOptions;
  readonly schema?: string;
  readonly poolSize?: number;
}

export type OpenPostgresOptions = { readonly migrations?: MigrationsAtStart } & (
  (PostgresConnectionOptions & { readonly dataSource?: undefined }) | { readonly dataSource: DataSource }
);

export interface OpenPostgres extends Stores {
  readonly dataSource: DataSource;
  /** Settings for one more connection to the same database. */
  readonly connection: DatabaseClientConfig;
  ping(): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** The stores on a database, or on a DataSource that stays open. Throws when the schema does not match what `migrations` requires. */
export async function openPostgres(
  options: OpenPostgresOptions,
  storesOptions: SqlStoresOptions = {},
): Promise<OpenPostgres> {
  const own = options.dataSource === undefined;
  const dataSource = own ? await connect(options) : options.dataSource;
  const { pool } = PostgresDatabase.of(dataSource);
  const end = async (): Promise<void> => {
    if (!own) return;
    // A pool counts as ended while its last connections still close; their errors are of no interest.
    pool.removeAllListeners('error').on('error', () => undefined);
    await dataSource.destroy();
  };
  try {
    const { migrations = DEFAULT_MIGRATIONS } = options;
    if (migrations === 'check') await checkMigrations(dataSource);
    if (migrations === 'run') await (own ? runMigrations(dataSource) : migrateApart(dataSource));
  } catch (error) {
    await end();
    throw error;
  }
  const stores = postgresStores(dataSource, storesOptions);
  const checks = PostgresDatabase.of(dataSource, PING_TIMEOUT_MS);
  return {
    ...stores,
    dataSource,
    connection: connectionConfig(pool.options),
    ping: async () => void (await checks.query(sql`select 1`)),
    flush: () => stores.close(),
    close: async () => {
      await stores.close();
      await end();
    },
  };
}

/** Brings the schema up to date. Returns the names of the migrations that this call ran. */
export async function migratePostgres(options: PostgresConnectionOptions): Promise<string[]> {
  const dataSource = await connect(options);
  return runMigrations(dataSource).finally(() => dataSource.destroy());
}

function connect({ url, password, ssl, schema, poolSize }: PostgresConnectionOptions): Promise<DataSource> {
  return new DataSource(a2aDataSourceOptions(url, { password, ssl, schema, poolSize })).initialize();
}

/** An application's DataSource has migrations of its own, and these must not run. */
async function migrateApart(dataSource: DataSource): Promise<void> {
  const apart = await new DataSource(migrationDataSourceOptions(dataSource)).initialize();
  await runMigrations(apart).finally(() => apart.destroy());
}
