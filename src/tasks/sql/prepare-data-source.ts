import { DataSource, type DataSourceOptions } from 'typeorm';
import { runSqlMigrations } from './run-sql-migrations.js';

/** A DataSource that is connected and whose schema is up to date. */
export async function prepareDataSource(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = await new DataSource(options).initialize();
  try {
    await runSqlMigrations(dataSource);
    // Another process that writes is waited for outside of the thread.
    if (options.type === 'better-sqlite3') await dataSource.query('pragma busy_timeout = 0');
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
