import type { MemoryTables } from './memory-tables.js';

/** From now on appends to the task owe its events to this push notification config. False: there is no such task. */
export function addPushQueue(tables: MemoryTables, taskId: string, configId: string): boolean {
  const row = tables.find(taskId);
  const known = row?.queues.some((queue) => queue.configId === configId);
  if (row && !known) row.queues = [...row.queues, { row, configId, owed: [], dead: [] }];
  return row !== undefined;
}

/** Nothing is owed to the config any more. */
export function removePushQueue(tables: MemoryTables, taskId: string, configId: string): void {
  const row = tables.find(taskId);
  const queue = row?.queues.find((one) => one.configId === configId);
  if (!row || !queue) return;
  row.queues = row.queues.filter((one) => one !== queue);
  tables.dropQueue(queue);
}
