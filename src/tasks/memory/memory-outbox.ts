import { Injectable } from '@nestjs/common';
import { listen } from '../../common/listen.js';
import { steadyNow } from '../../common/steady-now.js';
import type { DeliveryAttempt } from '../admin/delivery-attempt.js';
import { DUE_PAGE, firstDue } from '../due-pages.js';
import type { ChooseDue, DueDelivery, Outbox, OutboxEntry, TakeOptions } from '../outbox.interface.js';
import {
  type StoredDelivery,
  completeDelivery,
  giveUpDelivery,
  releaseDelivery,
  retryDelivery,
  skipFollowed,
} from '../stored/stored-webhook.js';
import { takeDeliveries } from '../stored/take-deliveries.js';
import { MemoryTables } from './memory-tables.js';
import type { OutboxQueue } from './outbox-queue.js';
import { requeue } from './push-queues.js';

interface DueQueue extends DueDelivery {
  readonly queue: OutboxQueue;
}

/** The deliveries that are owed, in this process's memory. They are deleted with their task. */
@Injectable()
export class MemoryOutbox implements Outbox {
  constructor(private readonly tables: MemoryTables) {}

  async take(
    limit: number,
    leaseMs: number,
    { maxBytes, choose = firstDue }: TakeOptions = {},
  ): Promise<OutboxEntry[]> {
    const chosen = this.#chosen(steadyNow(), limit, choose).map((queue) => ({ task: queue.row, webhook: queue }));
    const taken = takeDeliveries(chosen, leaseMs, maxBytes);
    for (const { webhook } of chosen.slice(0, taken.length)) this.tables.owing.toTheEnd(webhook);
    return taken;
  }

  async complete(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      this.#change(id, (queue) => {
        const done = completeDelivery(queue, id);
        return done && [done];
      });
    }
  }

  async skipFollowed(id: string): Promise<void> {
    this.#change(id, (queue) => skipFollowed(queue, id));
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    for (const id of ids) this.#change(id, (queue) => releaseDelivery(queue, id, delayMs));
  }

  async retry(entry: Pick<OutboxEntry, 'id' | 'attempts'>, delayMs: number, attempt?: DeliveryAttempt): Promise<void> {
    this.#change(entry.id, (queue) => retryDelivery(queue, entry, delayMs, attempt));
  }

  async deadLetter(id: string, reason: string, attempt?: DeliveryAttempt): Promise<number> {
    let givenUp = 0;
    this.#change(id, (queue) => void (givenUp = giveUpDelivery(queue, id, reason, attempt)));
    return givenUp;
  }

  onOwed(listener: () => void): () => void {
    return listen(this.tables.owed, listener);
  }

  /** `change` returns the deliveries that are deleted. */
  #change(id: string, change: (queue: OutboxQueue) => readonly StoredDelivery[] | undefined | void): void {
    const queue = this.tables.entries.get(id);
    if (queue) requeue(this.tables, queue, change(queue) ?? []);
  }

  #chosen(now: number, limit: number, choose: ChooseDue): OutboxQueue[] {
    const chosen: DueQueue[] = [];
    let page: DueQueue[] = [];
    const flush = (): void => {
      if (page.length > 0) chosen.push(...choose(page).slice(0, limit - chosen.length));
      page = [];
    };
    for (const lane of this.tables.owing.due(now, limit)) {
      page.push(...lane.map((queue) => dueOf(queue)));
      if (page.length >= DUE_PAGE) flush();
      if (chosen.length >= limit) break;
    }
    flush();
    return chosen.map(({ queue }) => queue);
  }
}

const dueOf = (queue: OutboxQueue): DueQueue => ({
  owner: queue.row.owner,
  host: queue.host,
  dueAt: queue.owed[0]?.dueAt ?? 0,
  queue,
});
