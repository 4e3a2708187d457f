import type { DataSource } from 'typeorm';
import { Subject } from 'rxjs';
import { TaskRunStore } from '../core/task-run.store.js';
import type { Stores } from '../stores.js';
import { sqlLeases } from './lease-connection.js';
import { openDatabase } from './open-database.js';
import { SqlInboxStore } from './sql-inbox.store.js';
import { SqlJobSchedule } from './sql-job-schedule.js';
import { SqlOutbox } from './sql-outbox.js';
import { SqlPushConfigStore } from './sql-push-config.store.js';
import type { SqlStoresOptions } from './sql-stores.options.js';
import { SqlTaskRows } from './sql-task-rows.js';
import { SqlTaskStore } from './sql-task.store.js';

export interface SqlStores extends Stores {
  readonly tasks: SqlTaskStore;
  /** Commits what waits. The DataSource stays open, and is destroyed after this. */
  close(): Promise<void>;
}

/**
 * The stores on an initialized DataSource of type mysql, mariadb, better-sqlite3 or sqljs whose schema is up to date
 * (`runSqlMigrations`). They need all that such a DataSource has been set up with: make it with `mysqlDataSource` or
 * `sqliteDataSource`.
 */
export async function createSqlStores(dataSource: DataSource, options: SqlStoresOptions = {}): Promise<SqlStores> {
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
