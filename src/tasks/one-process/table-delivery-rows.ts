import type { Observable } from 'rxjs';
import type { DeliveryRows } from '../core/delivery-rows.interface.js';
import type { DecideDelivery } from '../core/delivery-rules.js';
import type { OutboxEntry, TakeOptions } from '../outbox.interface.js';
import type { EventKind } from '../pending-event.js';
import { decideOnDelivery, deleteOldest, webhookOf } from '../stored/decide-on-delivery.js';
import type { StoredTask } from '../stored/stored-task.js';
import { type StoredWebhook, taskOfDelivery } from '../stored/stored-webhook.js';
import { dueWebhooks, takeDeliveries } from '../stored/take-deliveries.js';
import type { TaskTable } from './task-table.interface.js';

/** The deliveries of a table, on which `DeliveryOutbox` applies the rules. */
export class TableDeliveryRows implements DeliveryRows {
  constructor(private readonly table: TaskTable) {}

  get owed(): Observable<void> {
    return this.table.owed;
  }

  async take(limit: number, leaseMs: number, { maxBytes, choose }: Required<TakeOptions>): Promise<OutboxEntry[]> {
    const due = dueWebhooks(this.table.tasks());
    // Who took a delivery is not written: after a restart nobody has.
    return this.table.stored(takeDeliveries(choose(due).slice(0, limit), leaseMs, maxBytes));
  }

  change<T>(ids: readonly string[], decide: DecideDelivery<T>): Promise<T[]> {
    const found = ids.map((id) => ({ id, ...this.#find(id) }));
    const results = found.map(({ id, webhook }) => decideOnDelivery(webhook, id, decide).result);
    return this.table.stored(results, ...found.map(({ task }) => task));
  }

  deleteOldest(id: string, count: (kinds: readonly EventKind[]) => number): Promise<void> {
    const { task, webhook } = this.#find(id);
    if (webhook) deleteOldest(webhook, id, count);
    return this.table.stored(undefined, task);
  }

  #find(id: string): { readonly task?: StoredTask | undefined; readonly webhook?: StoredWebhook | undefined } {
    const task = this.table.find(taskOfDelivery(id));
    return { task, webhook: task && webhookOf(task.webhooks, id) };
  }
}
