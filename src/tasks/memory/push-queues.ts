import { isPushed } from '../is-pushed.js';
import type { PendingEvent } from '../pending-event.js';
import type { PushConfig } from '../push-config-store.interface.js';
import { type StoredDelivery, oweDelivery, putWebhook } from '../stored/stored-webhook.js';
import type { MemoryRow } from './memory-row.js';
import { ROW_COST } from './memory-stores.options.js';
import type { MemoryTables } from './memory-tables.js';
import type { OutboxQueue } from './outbox-queue.js';

/** The memory use of a config, in bytes. */
export const configCost = (config: PushConfig): number => ROW_COST.config + Buffer.byteLength(JSON.stringify(config));

export const queueOf = (row: MemoryRow, configId: string): OutboxQueue | undefined =>
  row.webhooks.find(({ config }) => config.id === configId);

/** From now on events of the task are owed to this config. Also deletes disabled configs of the task. */
export function putPushQueue(tables: MemoryTables, row: MemoryRow, given: PushConfig): void {
  const before = row.webhooks;
  const known = queueOf(row, given.id);
  const cost = known ? configCost(known.config) : 0;
  const queue = Object.assign(putWebhook(row, given), { row });
  for (const one of before) if (!row.webhooks.includes(one)) tables.dropQueue(one);
  tables.charge(row, configCost(given) - cost);
  requeue(tables, queue);
}

/** Owes the event to each active config, if it is one that webhooks get. */
export function owe(tables: MemoryTables, row: MemoryRow, seq: number, event: PendingEvent): void {
  if (!isPushed(event)) return;
  for (const queue of row.webhooks) {
    if (!queue.active) continue;
    const id = tables.nextId();
    oweDelivery(queue, id, seq, event, 0);
    tables.entries.set(id, queue);
    tables.owing.add(queue);
    tables.charge(row, event.bytes + ROW_COST.delivery);
    tables.owed.next();
  }
}

/** Call after a change of what is owed. `gone`: deliveries that are deleted. */
export function requeue(tables: MemoryTables, queue: OutboxQueue, gone: readonly StoredDelivery[] = []): void {
  for (const { id, event } of gone) {
    tables.entries.delete(id);
    tables.charge(queue.row, -event.bytes - ROW_COST.delivery);
  }
  if (queue.owed.length > 0) tables.owing.add(queue);
  else tables.owing.delete(queue);
}
