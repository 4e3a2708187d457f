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

/** Connects, migrates the schema and opens the stores. `close` closes everything. */
export async function openSqlStores(
  dataSourceOptions: DataSourceOptions,
  options: SqlStoresOptions = {},
): Promise<OpenSqlStores> {
  const dataSource = await prepareDataSource(dataSourceOptions);
  const stores = await createStores(dataSource, options);
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

interface SqlStores extends Stores {
  readonly tasks: SqlTaskStore;
  /** Commits pending writes. The DataSource stays open; destroy it after this. */
  close(): Promise<void>;
}

/**
 * The stores on an initialized DataSource of type mysql, mariadb, better-sqlite3 or sqljs whose schema is up to date
 * (`runSqlMigrations`). They rely on the settings of such a DataSource: create it with `mysqlDataSource` or `sqliteDataSource`.
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

/** Connects a DataSource and migrates its schema. */
async function prepareDataSource(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = await new DataSource(options).initialize();
  try {
    await runSqlMigrations(dataSource);
    // Waiting for another process that writes must not block the thread.
    if (options.type === 'better-sqlite3') await dataSource.query('pragma busy_timeout = 0');
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
