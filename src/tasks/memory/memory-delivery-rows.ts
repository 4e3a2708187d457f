import { Injectable } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { steadyNow } from '../../common/steady-now.js';
import type { DeliveryRows } from '../core/delivery-rows.interface.js';
import type { DecideDelivery } from '../core/delivery-rules.js';
import { DUE_PAGE } from '../due-pages.js';
import type { ChooseDue, DueDelivery, OutboxEntry, TakeOptions } from '../outbox.interface.js';
import type { EventKind } from '../pending-event.js';
import { decideOnDelivery, deleteOldest } from '../stored/decide-on-delivery.js';
import { takeDeliveries } from '../stored/take-deliveries.js';
import { MemoryTables } from './memory-tables.js';
import type { OutboxQueue } from './outbox-queue.js';
import { requeue } from './push-queues.js';

interface DueQueue extends DueDelivery {
  readonly queue: OutboxQueue;
}

/** Deliveries in this process's memory. They are deleted with their task. */
@Injectable()
export class MemoryDeliveryRows implements DeliveryRows {
  readonly owed: Observable<void>;

  constructor(private readonly tables: MemoryTables) {
    this.owed = tables.owed;
  }

  async take(limit: number, leaseMs: number, { maxBytes, choose }: Required<TakeOptions>): Promise<OutboxEntry[]> {
    const chosen = this.#chosen(steadyNow(), limit, choose).map((queue) => ({ task: queue.row, webhook: queue }));
    const taken = takeDeliveries(chosen, leaseMs, maxBytes);
    for (const { webhook } of chosen.slice(0, taken.length)) this.tables.owing.toTheEnd(webhook);
    return taken;
  }

  async change<T>(ids: readonly string[], decide: DecideDelivery<T>): Promise<T[]> {
    return ids.map((id) => {
      const queue = this.tables.entries.get(id);
      const { result, patch, deleted } = decideOnDelivery(queue, id, decide);
      if (queue && patch) requeue(this.tables, queue, deleted && [deleted]);
      if (patch?.dead === null) this.tables.owed.next();
      return result;
    });
  }

  async deleteOldest(id: string, count: (kinds: readonly EventKind[]) => number): Promise<void> {
    const queue = this.tables.entries.get(id);
    if (queue) requeue(this.tables, queue, deleteOldest(queue, id, count));
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
