import { Injectable } from '@nestjs/common';
import { CommittedEvent } from '../committed-event.js';
import type { Outbox, OutboxEntry } from '../outbox.interface.js';
import { ROW_COST } from './memory-stores.options.js';
import { MemoryTables } from './memory-tables.js';
import type { OutboxQueue, OutboxRow } from './outbox-queue.js';

/** Deliveries that are owed, in this process's memory. They are forgotten with their task. */
@Injectable()
export class MemoryOutbox implements Outbox {
  constructor(private readonly tables: MemoryTables) {}

  async take(limit: number, leaseMs: number): Promise<OutboxEntry[]> {
    const now = Date.now();
    const served: OutboxQueue[] = [];
    const taken: OutboxEntry[] = [];
    for (const queue of this.tables.owing) {
      if (taken.length >= limit) break;
      const [first] = queue.owed;
      if (!first || first.dueAt > now) continue;
      first.dueAt = now + leaseMs;
      taken.push(entryOf(queue, first));
      served.push(queue);
    }
    for (const queue of served) this.#toTheEnd(queue);
    return taken;
  }

  async complete(id: string): Promise<void> {
    const done = this.#remove(id);
    if (!done) return;
    this.tables.entries.delete(id);
    this.tables.charge(done.queue.row, -done.entry.event.bytes - ROW_COST.delivery);
  }

  async retry(id: string, delayMs: number): Promise<void> {
    const entry = this.#first(id);
    if (!entry) return;
    entry.attempts++;
    entry.dueAt = Date.now() + delayMs;
  }

  async bury(id: string, reason: string): Promise<void> {
    const lost = this.#remove(id);
    lost?.queue.dead.push({ entry: lost.entry, reason });
  }

  #first(id: string): OutboxRow | undefined {
    const first = this.tables.entries.get(id)?.owed[0];
    return first?.id === id ? first : undefined;
  }

  #remove(id: string): { queue: OutboxQueue; entry: OutboxRow } | undefined {
    const queue = this.tables.entries.get(id);
    const entry = this.#first(id);
    if (!queue || !entry) return undefined;
    queue.owed.shift();
    if (queue.owed.length === 0) this.tables.owing.delete(queue);
    return { queue, entry };
  }

  /** Who was served lets the others go first. */
  #toTheEnd(queue: OutboxQueue): void {
    this.tables.owing.delete(queue);
    this.tables.owing.add(queue);
  }
}

const entryOf = ({ row, configId }: OutboxQueue, { id, seq, event, attempts }: OutboxRow): OutboxEntry => ({
  id,
  configId,
  event: CommittedEvent.of(row, seq, event),
  attempts,
});
