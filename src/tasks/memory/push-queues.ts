import type { MemoryTables } from './memory-tables.js';

/** From now on appends to the task owe its events to this push notification config. False: there is no such task. */
export function addPushQueue(tables: MemoryTables, taskId: string, configId: string): boolean {
  const row = tables.find(taskId);
  if (row && !row.queues.has(configId)) row.queues.set(configId, { row, configId, owed: [], dead: [] });
  return row !== undefined;
}

/** Nothing is owed to the config any more. */
export function removePushQueue(tables: MemoryTables, taskId: string, configId: string): void {
  const row = tables.find(taskId);
  const queue = row?.queues.get(configId);
  if (!row || !queue) return;
  row.queues.delete(configId);
  tables.dropQueue(queue);
}
