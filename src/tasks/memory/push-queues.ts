import { type WebhookPatch, storeWebhook } from '../core/webhook-rules.js';
import { isPushed } from '../is-pushed.js';
import type { PendingEvent } from '../pending-event.js';
import type { PushConfig } from '../push-config-store.interface.js';
import { patchWebhooks, webhookRows } from '../stored/decide-on-webhooks.js';
import { type StoredDelivery, oweDelivery } from '../stored/stored-webhook.js';
import type { MemoryRow } from './memory-row.js';
import { ROW_COST } from './memory-stores.options.js';
import type { MemoryTables } from './memory-tables.js';
import type { OutboxQueue } from './outbox-queue.js';

/** The memory use of a config, in bytes. */
export const configCost = (config: PushConfig): number => ROW_COST.config + Buffer.byteLength(JSON.stringify(config));

/** Stores a webhook of a task without asking whether there is room. */
export const putPushQueue = (tables: MemoryTables, row: MemoryRow, config: PushConfig): void =>
  patchQueues(tables, row, storeWebhook(webhookRows(row), config, Date.now()));

/** Applies what is decided about the webhooks of a task. */
export function patchQueues(tables: MemoryTables, row: MemoryRow, patch: WebhookPatch): void {
  const before = new Map(row.webhooks.map((queue) => [queue, configCost(queue.config)]));
  patchWebhooks(row, patch);
  for (const queue of before.keys()) if (!row.webhooks.includes(queue)) tables.dropQueue(queue);
  for (const queue of row.webhooks) {
    tables.charge(row, configCost(queue.config) - (before.get(queue) ?? 0));
    requeue(tables, Object.assign(queue, { row }));
  }
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
