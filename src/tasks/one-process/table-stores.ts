import { DeliveryOutbox } from '../core/delivery.outbox.js';
import { TaskPushConfigStore } from '../core/task-push-config.store.js';
import { TaskRunStore } from '../core/task-run.store.js';
import type { Stores } from '../stores.js';
import { ProcessJobSchedule } from './process-job-schedule.js';
import { TableInboxStore } from './table-inbox.store.js';
import { TableDeliveryRows } from './table-delivery-rows.js';
import { TableTaskRows } from './table-task.rows.js';
import { TableWebhookRows } from './table-webhook-rows.js';
import type { TaskTable } from './task-table.interface.js';

/** What `tableStores` makes. */
export type StoresOfTable = Pick<Stores, 'runs' | 'inbox' | 'outbox' | 'pushConfigs' | 'jobs'>;

/**
 * All stores but `tasks`, on the tasks of a storage that one process uses. Each call that looks for tasks looks at all of them: this
 * is made for some thousand tasks.
 */
export const tableStores = (table: TaskTable): StoresOfTable => ({
  runs: new TaskRunStore(new TableTaskRows(table)),
  inbox: new TableInboxStore(table),
  outbox: new DeliveryOutbox(new TableDeliveryRows(table)),
  pushConfigs: new TaskPushConfigStore(new TableWebhookRows(table)),
  jobs: new ProcessJobSchedule(),
});
