import { type Observable, Subject } from 'rxjs';
import type { DeliveryRows } from '../../core/delivery-rows.interface.js';
import { DeliveryOutbox } from '../../core/delivery.outbox.js';
import { TaskPushConfigStore } from '../../core/task-push-config.store.js';
import { TaskRunStore } from '../../core/task-run.store.js';
import type { LeaseSource } from '../../lease-connection.interface.js';
import { SnapshotWriter } from '../../snapshot-writer.js';
import type { OperatorStores } from '../../stores.js';
import { SqlAdminStore } from './admin/admin.store.js';
import { SqlApiKeyStore } from './api-key.store.js';
import { SqlAuditTable } from './audit.table.js';
import { appendRows } from './append-rows.js';
import { SqlCallRateStore } from './call-rate.store.js';
import { createRows } from './create-rows.js';
import { SqlDeliveryRows } from './delivery-rows.js';
import { type PageReader, SqlEventPages, singlePages } from './event-pages.js';
import { SqlInboxStore } from './inbox.store.js';
import { SqlJobSchedule } from './job-schedule.js';
import { SqlLegalHoldStore } from './legal-hold.store.js';
import { SqlReplicaRegistry } from './replica-registry.js';
import { SqlRunQueue } from './run-queue.js';
import { SqlSnapshotStore } from './snapshot-store.js';
import type { SqlDatabase } from './sql-database.interface.js';
import type { SqlStoresOptions } from './sql-stores.options.js';
import { type AppendWriter, SqlTaskAppender } from './task-appender.js';
import { type TaskContent, SqlTaskContent } from './task-content.js';
import { type CreateWriter, SqlTaskCreator } from './task-creator.js';
import { SqlTaskList, type TaskListOptions } from './task-list.js';
import { SqlTaskReader } from './task-reader.js';
import { SqlTaskRemover } from './task-remover.js';
import { SqlTaskRows } from './task-rows.js';
import { SqlTaskStore } from './task.store.js';
import { SqlWebhookRows } from './webhook-rows.js';

/** Statements of a database's own, where they are much faster there. Absent: those of all databases. */
export interface OwnStatements {
  readonly creates?: CreateWriter;
  readonly appends?: AppendWriter;
  readonly pages?: PageReader;
  readonly content?: TaskContent;
  readonly lists?: TaskListOptions;
  readonly queue?: SqlRunQueue;
  readonly deliveries?: (owed: Observable<void>) => DeliveryRows;
  /** Writes leases. */
  readonly leases?: Pick<SqlDatabase, 'run'>;
  readonly leaseSource?: LeaseSource | undefined;
}

export interface SqlStores extends OperatorStores {
  readonly tasks: SqlTaskStore;
  /** Commits pending writes, and closes what was opened for them. The DataSource stays open; destroy it after this. */
  close(): Promise<void>;
}

/** The stores on a database whose schema is up to date. */
export function sqlStores(db: SqlDatabase, options: SqlStoresOptions = {}, own: OwnStatements = {}): SqlStores {
  const owed = new Subject<void>();
  const reader = new SqlTaskReader(db);
  const snapshots = new SnapshotWriter(new SqlSnapshotStore(db, reader));
  const tasks = new SqlTaskStore(db, {
    reader,
    snapshots,
    pages: new SqlEventPages(own.pages ?? singlePages(db)),
    lists: new SqlTaskList(db, reader, own.content ?? new SqlTaskContent(db), own.lists),
    remover: new SqlTaskRemover(db, snapshots),
    creator: new SqlTaskCreator(own.creates ?? createRows(db), db.dialect, options, owed),
    appender: new SqlTaskAppender(own.appends ?? appendRows(db), db.dialect, options, owed),
  });
  const replicas = new SqlReplicaRegistry(db, own.leases);
  return {
    tasks,
    runs: new TaskRunStore(new SqlTaskRows(db, replicas, own.queue ?? new SqlRunQueue(db), own.leaseSource)),
    inbox: new SqlInboxStore(db),
    outbox: new DeliveryOutbox(own.deliveries?.(owed) ?? new SqlDeliveryRows(db, owed)),
    pushConfigs: new TaskPushConfigStore(new SqlWebhookRows(db)),
    jobs: new SqlJobSchedule(db),
    holds: new SqlLegalHoldStore(db),
    rates: new SqlCallRateStore(db),
    apiKeys: new SqlApiKeyStore(db),
    audit: new SqlAuditTable(db),
    admin: new SqlAdminStore(db, replicas),
    close: () => tasks.close(),
  };
}
