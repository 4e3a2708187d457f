import type { DataSource } from 'typeorm';
import { Subject } from 'rxjs';
import { TaskRunStore } from '../core/task-run.store.js';
import type { Stores } from '../stores.js';
import { Database } from './database.js';
import { postgresLeases } from './lease-connection.js';
import { LeaseWriter } from './lease-writer.js';
import { TypeOrmInboxStore } from './typeorm-inbox.store.js';
import { TypeOrmJobSchedule } from './typeorm-job-schedule.js';
import { TypeOrmOutbox } from './typeorm-outbox.js';
import { TypeOrmPushConfigStore } from './typeorm-push-config.store.js';
import type { TypeOrmStoresOptions } from './typeorm-stores.options.js';
import { TypeOrmReplicaRegistry } from './typeorm-replica-registry.js';
import { TypeOrmTaskRows } from './typeorm-task-rows.js';
import { TypeOrmTaskStore } from './typeorm-task.store.js';

export interface TypeOrmStores extends Stores {
  readonly tasks: TypeOrmTaskStore;
  /** Commits pending writes and closes the writers' connections. The DataSource stays open; destroy it after this. */
  close(): Promise<void>;
}

/**
 * The stores on an initialized DataSource of type postgres whose schema is up to date (`runMigrations`). Besides its pool they
 * open three connections of their own, with the same credentials: two for writes, and one for the lease, which a busy pool must
 * not delay. Session state must survive between statements (no PgBouncer in transaction mode).
 */
export function createTypeOrmStores(dataSource: DataSource, options: TypeOrmStoresOptions = {}): TypeOrmStores {
  const db = Database.of(dataSource, options.statementTimeoutMs);
  const owed = new Subject<void>();
  const tasks = new TypeOrmTaskStore(db, options, owed);
  const leases = new LeaseWriter(db.pool.options);
  const replicas = new TypeOrmReplicaRegistry(db, leases);
  return {
    tasks,
    runs: new TaskRunStore(new TypeOrmTaskRows(db, replicas, postgresLeases(db.pool.options))),
    inbox: new TypeOrmInboxStore(db),
    outbox: new TypeOrmOutbox(db, owed),
    pushConfigs: new TypeOrmPushConfigStore(db),
    jobs: new TypeOrmJobSchedule(db),
    close: async () => void (await Promise.all([tasks.close(), leases.close()])),
  };
}
