import type { PendingEvent } from '../pending-event.js';
import type { PushConfig } from '../push-config-store.interface.js';
import { pushHost } from '../push-host.js';
import { ROW_COST } from './memory-stores.options.js';
import type { MemoryTables } from './memory-tables.js';
import type { OutboxQueue } from './outbox-queue.js';
import type { MemoryRow } from './memory-row.js';

/** The memory use of a config, in bytes. */
export const configCost = (config: PushConfig): number => ROW_COST.config + Buffer.byteLength(JSON.stringify(config));

export const queueOf = (row: MemoryRow, configId: string): OutboxQueue | undefined =>
  row.queues.find(({ config }) => config.id === configId);

/** The active configs other than this one. Disabled configs do not count. */
export const othersOf = (row: MemoryRow, configId: string): number =>
  row.queues.filter(({ active, config }) => active && config.id !== configId).length;

/** From now on events of the task are owed to this config. Also deletes disabled configs of the task. */
export function putPushQueue(tables: MemoryTables, row: MemoryRow, given: PushConfig): void {
  const config = structuredClone(given);
  const known = queueOf(row, config.id);
  for (const queue of row.queues) if (!queue.active && queue !== known) removePushQueue(tables, queue);
  if (known) {
    tables.charge(row, configCost(config) - configCost(known.config));
    Object.assign(known, { config, host: pushHost(config.url), active: true, givenUp: 0 });
    if (known.owed.length > 0) tables.owing.add(known);
    return;
  }
  tables.charge(row, configCost(config));
  // No two have the same time: the time is their order of creation.
  const latest = Math.max(...row.queues.map((queue) => Date.parse(queue.createdAt) + 1), Date.now());
  const createdAt = new Date(latest).toISOString();
  const host = pushHost(config.url);
  row.queues = [...row.queues, { row, config, host, createdAt, active: true, givenUp: 0, owed: [], dead: [] }];
}

/** Deletes the config, with everything that is owed to it. */
export function removePushQueue(tables: MemoryTables, queue: OutboxQueue): void {
  queue.row.queues = queue.row.queues.filter((one) => one !== queue);
  tables.dropQueue(queue);
}

/** Owes the event to each active config. */
export function owe(tables: MemoryTables, row: MemoryRow, seq: number, event: PendingEvent): void {
  for (const queue of row.queues) {
    if (!queue.active) continue;
    const id = tables.nextId();
    queue.owed.push({ id, seq, event, attempts: 0, dueAt: 0 });
    tables.entries.set(id, queue);
    tables.owing.add(queue);
    tables.charge(row, event.bytes + ROW_COST.delivery);
    tables.owed.next();
  }
}

/** Deletes the oldest entry. */
export function dropFirst(tables: MemoryTables, queue: OutboxQueue): void {
  const entry = queue.owed.shift();
  if (queue.owed.length === 0) tables.owing.delete(queue);
  if (!entry) return;
  tables.entries.delete(entry.id);
  tables.charge(queue.row, -entry.event.bytes - ROW_COST.delivery);
}

/** Dead-letters the oldest entry, so that it no longer blocks its successors. */
export function buryFirst(tables: MemoryTables, queue: OutboxQueue, reason: string): void {
  const entry = queue.owed.shift();
  if (entry) queue.dead.push({ entry, reason });
  if (queue.owed.length === 0) tables.owing.delete(queue);
}
