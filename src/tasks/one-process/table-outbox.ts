import { listen } from '../../common/listen.js';
import type { DeliveryAttempt } from '../admin/delivery-attempt.js';
import { firstDue } from '../due-pages.js';
import type { Outbox, OutboxEntry, TakeOptions } from '../outbox.interface.js';
import {
  type StoredWebhook,
  completeDelivery,
  giveUpDelivery,
  releaseDelivery,
  retryDelivery,
  skipFollowed,
  taskOfDelivery,
  webhookOf,
} from '../stored/stored-webhook.js';
import { dueWebhooks, takeDeliveries } from '../stored/take-deliveries.js';
import type { TaskTable } from './task-table.interface.js';

/** The deliveries that are owed to webhooks. */
export class TableOutbox implements Outbox {
  constructor(private readonly table: TaskTable) {}

  async take(
    limit: number,
    leaseMs: number,
    { maxBytes, choose = firstDue }: TakeOptions = {},
  ): Promise<OutboxEntry[]> {
    const due = dueWebhooks(this.table.tasks());
    // Who took a delivery is not written: after a restart nobody has.
    return this.table.stored(takeDeliveries(choose(due).slice(0, limit), leaseMs, maxBytes));
  }

  complete(ids: readonly string[]): Promise<void> {
    return this.#change(ids, (webhook, id) => completeDelivery(webhook, id));
  }

  skipFollowed(id: string): Promise<void> {
    return this.#change([id], (webhook) => skipFollowed(webhook, id));
  }

  release(ids: readonly string[], delayMs: number): Promise<void> {
    return this.#change(ids, (webhook, id) => releaseDelivery(webhook, id, delayMs));
  }

  retry(entry: Pick<OutboxEntry, 'id' | 'attempts'>, delayMs: number, attempt?: DeliveryAttempt): Promise<void> {
    return this.#change([entry.id], (webhook) => retryDelivery(webhook, entry, delayMs, attempt));
  }

  async deadLetter(id: string, reason: string, attempt?: DeliveryAttempt): Promise<number> {
    let givenUp = 0;
    await this.#change([id], (webhook) => void (givenUp = giveUpDelivery(webhook, id, reason, attempt)));
    return givenUp;
  }

  onOwed(listener: () => void): () => void {
    return listen(this.table.owed, listener);
  }

  #change(ids: readonly string[], change: (webhook: StoredWebhook, id: string) => unknown): Promise<void> {
    const changed = ids.map((id) => {
      const task = this.table.find(taskOfDelivery(id));
      const webhook = task && webhookOf(task, id);
      if (webhook) change(webhook, id);
      return task;
    });
    return this.table.stored(undefined, ...changed);
  }
}
