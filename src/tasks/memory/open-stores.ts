import { DeliveryOutbox } from '../core/delivery.outbox.js';
import { TaskPushConfigStore } from '../core/task-push-config.store.js';
import { TaskRunStore } from '../core/task-run.store.js';
import { ProcessJobSchedule } from '../one-process/process-job-schedule.js';
import type { OpenStores } from '../stores.js';
import { MemoryAdminStore } from './admin/memory-admin.store.js';
import { MemoryInboxStore } from './memory-inbox.store.js';
import { MemoryApiKeyStore } from './memory-api-key.store.js';
import { MemoryCallRateStore } from './memory-call-rate.store.js';
import { MemoryLegalHoldStore } from './memory-legal-hold.store.js';
import { MemoryDeliveryRows } from './memory-delivery-rows.js';
import type { MemoryStoresOptions } from './memory-stores.options.js';
import { MemoryTaskRows } from './memory-task-rows.js';
import { MemoryTables } from './memory-tables.js';
import { MemoryTaskStore } from './memory-task.store.js';
import { MemoryWebhookRows } from './memory-webhook-rows.js';

/** Stores that share one memory. Nothing survives the end of the process. */
export function openMemoryStores(options: MemoryStoresOptions = {}): OpenStores & { readonly tables: MemoryTables } {
  const tables = new MemoryTables(options);
  const rows = new MemoryTaskRows(tables);
  const deliveries = new MemoryDeliveryRows(tables);
  return {
    tables,
    tasks: new MemoryTaskStore(tables),
    runs: new TaskRunStore(rows),
    inbox: new MemoryInboxStore(tables),
    outbox: new DeliveryOutbox(deliveries),
    pushConfigs: new TaskPushConfigStore(new MemoryWebhookRows(tables)),
    jobs: new ProcessJobSchedule(),
    holds: new MemoryLegalHoldStore(tables),
    rates: new MemoryCallRateStore(),
    apiKeys: new MemoryApiKeyStore(),
    admin: new MemoryAdminStore(tables, rows.replicas, deliveries),
    close: async () => undefined,
  };
}
