import { Injectable } from '@nestjs/common';
import { listen } from '../../common/listen.js';
import { CommittedEvent } from '../committed-event.js';
import { DUE_PAGE, firstDue } from '../due-pages.js';
import type { ChooseDue, DueDelivery, Outbox, OutboxEntry, TakeOptions } from '../outbox.interface.js';
import { memoryNow } from './memory-clock.js';
import { MemoryTables } from './memory-tables.js';
import type { OutboxQueue, OutboxRow } from './outbox-queue.js';
import { buryFirst, dropFirst } from './push-queues.js';

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
    { maxBytes = Infinity, choose = firstDue }: TakeOptions = {},
  ): Promise<OutboxEntry[]> {
    const now = memoryNow();
    const taken: OutboxEntry[] = [];
    let bytes = 0;
    for (const queue of this.#chosen(now, limit, choose)) {
      const [first] = queue.owed;
      if (!first || (taken.length > 0 && bytes >= maxBytes)) break;
      first.dueAt = now + leaseMs;
      bytes += first.event.bytes;
      taken.push(entryOf(queue, first));
      this.tables.owing.toTheEnd(queue);
    }
    return taken;
  }

  async complete(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const queue = this.tables.entries.get(id);
      if (!queue || !this.#first(id)) continue;
      dropFirst(this.tables, queue);
      queue.givenUp = 0;
    }
  }

  async skipFollowed(id: string): Promise<void> {
    const queue = this.tables.entries.get(id);
    if (!queue || !this.#first(id)) return;
    while (queue.owed.length > 1 && queue.owed[0]?.event.kind === 'artifact') dropFirst(this.tables, queue);
    const [next] = queue.owed;
    if (next) next.dueAt = memoryNow();
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    for (const id of ids) {
      const entry = this.#first(id);
      if (entry) entry.dueAt = memoryNow() + delayMs;
    }
  }

  async retry({ id, attempts }: Pick<OutboxEntry, 'id' | 'attempts'>, delayMs: number): Promise<void> {
    const entry = this.#first(id);
    if (entry?.attempts !== attempts) return;
    entry.attempts++;
    entry.dueAt = memoryNow() + delayMs;
  }

  async deadLetter(id: string, reason: string): Promise<number> {
    const queue = this.tables.entries.get(id);
    if (queue?.dead.some(({ entry }) => entry.id === id)) return queue.givenUp;
    if (!queue || !this.#first(id)) return 0;
    buryFirst(this.tables, queue, reason);
    return ++queue.givenUp;
  }

  onOwed(listener: () => void): () => void {
    return listen(this.tables.owed, listener);
  }

  #first(id: string): OutboxRow | undefined {
    const first = this.tables.entries.get(id)?.owed[0];
    return first?.id === id ? first : undefined;
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

const entryOf = (
  { row, config, givenUp, owed }: OutboxQueue,
  { id, seq, event, attempts }: OutboxRow,
): OutboxEntry => ({
  id,
  config,
  scope: { owner: row.owner, tenant: row.tenant, agent: row.agent },
  attempts,
  givenUp,
  followed: owed.length > 1,
  event: CommittedEvent.of(row, seq, event),
});
