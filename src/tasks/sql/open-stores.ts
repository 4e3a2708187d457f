import { Subject } from 'rxjs';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { TaskRunStore } from '../core/task-run.store.js';
import type { OpenStores, Stores } from '../stores.js';
import { sqlLeases } from './lease-connection.js';
import { openDatabase } from './open-database.js';
import { runSqlMigrations } from './run-sql-migrations.js';
import { SqlInboxStore } from './sql-inbox.store.js';
import { SqlJobSchedule } from './sql-job-schedule.js';
import { SqlOutbox } from './sql-outbox.js';
import { SqlPushConfigStore } from './sql-push-config.store.js';
import type { SqlStoresOptions } from './sql-stores.options.js';
import { SqlTaskRows } from './sql-task-rows.js';
import { SqlTaskStore } from './sql-task.store.js';

export type OpenSqlStores = OpenStores & SqlStores & { readonly dataSource: DataSource };

/** Connects, brings the schema up to date, and gives the stores. `close` closes all of it. */
export async function openSqlStores(
  dataSourceOptions: DataSourceOptions,
  options: SqlStoresOptions = {},
): Promise<OpenSqlStores> {
  const dataSource = await prepareDataSource(dataSourceOptions);
  const stores = await createStores(dataSource, options);
  return {
    ...stores,
    dataSource,
    // What sql.js holds is in this process's memory, of one DataSource.
    ...(dataSourceOptions.type !== 'sqljs' && { reopen: () => openSqlStores(dataSourceOptions, options) }),
    close: async () => {
      await stores.close();
      await dataSource.destroy();
    },
  };
}

interface SqlStores extends Stores {
  readonly tasks: SqlTaskStore;
  /** Commits what waits. The DataSource stays open, and is destroyed after this. */
  close(): Promise<void>;
}

/**
 * The stores on an initialized DataSource of type mysql, mariadb, better-sqlite3 or sqljs whose schema is up to date
 * (`runSqlMigrations`). They need all that such a DataSource has been set up with: make it with `mysqlDataSource` or
 * `sqliteDataSource`.
 */
async function createStores(dataSource: DataSource, options: SqlStoresOptions = {}): Promise<SqlStores> {
  const db = await openDatabase(dataSource);
  const owed = new Subject<void>();
  const tasks = new SqlTaskStore(db, options, owed);
  return {
    tasks,
    runs: new TaskRunStore(new SqlTaskRows(db, sqlLeases(dataSource))),
    inbox: new SqlInboxStore(db),
    outbox: new SqlOutbox(db, owed),
    pushConfigs: new SqlPushConfigStore(db),
    jobs: new SqlJobSchedule(db),
    close: () => tasks.close(),
  };
}

/** A DataSource that is connected and whose schema is up to date. */
async function prepareDataSource(options: DataSourceOptions): Promise<DataSource> {
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
