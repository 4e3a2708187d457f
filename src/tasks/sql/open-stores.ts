import { DataSource, type DataSourceOptions } from 'typeorm';
import type { OpenStores } from '../stores.js';
import { RunnerDatabase } from './core/runner.database.js';
import { type SqlStores, sqlStores } from './core/sql-stores.js';
import type { SqlStoresOptions } from './core/sql-stores.options.js';
import { isMysql } from './is-mysql.js';
import { checkMigrations } from './migrations/check-migrations.js';
import { DEFAULT_MIGRATIONS, type MigrationsAtStart } from './migrations/migrations-at-start.js';
import { mysqlLeases } from './mysql/lease-connection.js';
import { mysqlDialect } from './mysql/mysql.dialect.js';
import { runSqlMigrations } from './run-sql-migrations.js';
import { sqliteDialect } from './sqlite/sqlite.dialect.js';

export type OpenSqlStores = OpenStores & SqlStores & { readonly dataSource: DataSource };

/**
 * Connects to a MySQL, MariaDB or SQLite, migrates or checks the schema and opens the stores. They rely on the settings that
 * `mysqlDataSource` and `sqliteDataSource` give. `close` closes everything.
 */
export async function openSqlStores(
  dataSourceOptions: DataSourceOptions,
  options: SqlStoresOptions = {},
): Promise<OpenSqlStores> {
  const dataSource = await prepareDataSource(dataSourceOptions, options.migrations);
  const leaseSource = isMysql(dataSource) ? mysqlLeases(dataSource) : undefined;
  const stores = sqlStores(await openDatabase(dataSource), options, { leaseSource });
  return {
    ...stores,
    dataSource,
    // A sql.js database lives in this process's memory and belongs to one DataSource.
    ...(dataSourceOptions.type !== 'sqljs' && { reopen: () => openSqlStores(dataSourceOptions, options) }),
    close: async () => {
      await stores.close();
      await dataSource.destroy();
    },
  };
}

/** The parts of an initialized DataSource that the stores use. */
export async function openDatabase(dataSource: DataSource): Promise<RunnerDatabase> {
  if (!isMysql(dataSource)) return new RunnerDatabase(dataSource, sqliteDialect);
  const [row] = await dataSource.query<{ packet: number | string }[]>(`select @@max_allowed_packet as packet`);
  return new RunnerDatabase(dataSource, mysqlDialect, Number(row?.packet));
}

/** Connects a DataSource, and migrates or checks its schema. */
async function prepareDataSource(
  options: DataSourceOptions,
  migrations: MigrationsAtStart = DEFAULT_MIGRATIONS,
): Promise<DataSource> {
  const dataSource = await new DataSource(options).initialize();
  try {
    if (migrations === 'check') await checkMigrations(dataSource);
    if (migrations === 'run') await runSqlMigrations(dataSource);
    // Waiting for another process that writes must not block the thread.
    if (options.type === 'better-sqlite3') await dataSource.query('pragma busy_timeout = 0');
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
