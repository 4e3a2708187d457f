import { DataSource, type DataSourceOptions } from 'typeorm';

/** What migrations can do to a database. All of them work under the lock that replicas take at their start, or change nothing. */
export interface MigrationSource {
  readonly dataSource: DataSource;
  /** Runs what is pending; the names of what this call ran. */
  run(): Promise<string[]>;
  /** See `revertLast`. */
  revert(name: string): Promise<void>;
}

/** A database as a URL names it, with the schema on Postgres. */
export type MigratedDatabase =
  | { readonly type: 'postgres'; readonly url: string; readonly schema?: string }
  | { readonly type: 'mysql' | 'mariadb'; readonly url: string }
  | { readonly type: 'sqlite'; readonly file: string };

/** One connection works, and one holds the lock. */
const POOL_SIZE = 2;

/** Connects; a SQLite file that does not exist is made. The caller destroys the DataSource. Throws what the driver throws. */
export async function openMigrationSource(database: MigratedDatabase): Promise<MigrationSource> {
  if (database.type === 'postgres') {
    const { a2aDataSourceOptions } = await import('../postgres/data-source-options.js');
    const { revertMigration, runMigrations } = await import('../postgres/run-migrations.js');
    const { url, schema } = database;
    return sourceOf(a2aDataSourceOptions(url, { poolSize: POOL_SIZE, schema }), runMigrations, revertMigration);
  }
  const { revertSqlMigration, runSqlMigrations } = await import('../run-sql-migrations.js');
  if (database.type === 'sqlite') {
    const { sqliteDataSource } = await import('../sqlite/sqlite-data-source.js');
    return sourceOf(await sqliteDataSource(database.file), runSqlMigrations, revertSqlMigration);
  }
  const { mysqlDataSource } = await import('../mysql/mysql-data-source.js');
  const options = await mysqlDataSource(database.type, database.url, { poolSize: POOL_SIZE });
  return sourceOf(options, runSqlMigrations, revertSqlMigration);
}

async function sourceOf(
  options: DataSourceOptions,
  run: (dataSource: DataSource) => Promise<string[]>,
  revert: (dataSource: DataSource, name: string) => Promise<void>,
): Promise<MigrationSource> {
  const dataSource = await new DataSource(options).initialize();
  return { dataSource, run: () => run(dataSource), revert: (name) => revert(dataSource, name) };
}
