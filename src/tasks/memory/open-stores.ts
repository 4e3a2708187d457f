import { TaskRunStore } from '../core/task-run.store.js';
import type { OpenStores } from '../stores.js';
import { MemoryInboxStore } from './memory-inbox.store.js';
import { MemoryJobSchedule } from './memory-job-schedule.js';
import { MemoryOutbox } from './memory-outbox.js';
import { MemoryPushConfigStore } from './memory-push-config.store.js';
import type { MemoryStoresOptions } from './memory-stores.options.js';
import { MemoryTaskRows } from './memory-task-rows.js';
import { MemoryTables } from './memory-tables.js';
import { MemoryTaskStore } from './memory-task.store.js';

/** Stores that share one memory. Nothing survives the end of the process. */
export function openMemoryStores(options: MemoryStoresOptions = {}): OpenStores & { readonly tables: MemoryTables } {
  const tables = new MemoryTables(options);
  return {
    tables,
    tasks: new MemoryTaskStore(tables),
    runs: new TaskRunStore(new MemoryTaskRows(tables)),
    inbox: new MemoryInboxStore(tables),
    outbox: new MemoryOutbox(tables),
    pushConfigs: new MemoryPushConfigStore(tables),
    jobs: new MemoryJobSchedule(),
    close: async () => undefined,
  };
}
