import type { PendingEvent } from '../pending-event.js';
import type { PushConfig } from '../push-config-store.interface.js';
import { pushHost } from '../push-host.js';
import { ROW_COST } from './memory-stores.options.js';
import type { MemoryTables } from './memory-tables.js';
import type { OutboxQueue } from './outbox-queue.js';
import type { MemoryRow } from './memory-row.js';

/** What a config takes in memory, in bytes. */
export const configCost = (config: PushConfig): number => ROW_COST.config + Buffer.byteLength(JSON.stringify(config));

export const queueOf = (row: MemoryRow, configId: string): OutboxQueue | undefined =>
  row.queues.find(({ config }) => config.id === configId);

/** Active configs other than this one. Disabled ones do not count. */
export const othersOf = (row: MemoryRow, configId: string): number =>
  row.queues.filter(({ active, config }) => active && config.id !== configId).length;

/** From now on events of the task are owed to this config. One that was disabled does not survive it. */
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
  // No two are of the same time: their order is that of their creation.
  const latest = Math.max(...row.queues.map((queue) => Date.parse(queue.createdAt) + 1), Date.now());
  const createdAt = new Date(latest).toISOString();
  const host = pushHost(config.url);
  row.queues = [...row.queues, { row, config, host, createdAt, active: true, givenUp: 0, owed: [], dead: [] }];
}

/** Takes the config away, with all that is owed to it. */
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

/** Forgets the oldest entry. */
export function dropFirst(tables: MemoryTables, queue: OutboxQueue): void {
  const entry = queue.owed.shift();
  if (queue.owed.length === 0) tables.owing.delete(queue);
  if (!entry) return;
  tables.entries.delete(entry.id);
  tables.charge(queue.row, -entry.event.bytes - ROW_COST.delivery);
}

/** Moves the oldest entry out of the way of its successors. */
export function buryFirst(tables: MemoryTables, queue: OutboxQueue, reason: string): void {
  const entry = queue.owed.shift();
  if (entry) queue.dead.push({ entry, reason });
  if (queue.owed.length === 0) tables.owing.delete(queue);
}
