import { Injectable } from '@nestjs/common';
import { CommittedEvent } from '../committed-event.js';
import type { Outbox, OutboxEntry } from '../outbox.interface.js';
import { ROW_COST } from './memory-stores.options.js';
import { MemoryTables } from './memory-tables.js';
import type { OutboxQueue, OutboxRow } from './outbox-queue.js';
import { buryFirst } from './push-queues.js';

/** Deliveries that are owed, in this process's memory. They are forgotten with their task. */
@Injectable()
export class MemoryOutbox implements Outbox {
  constructor(private readonly tables: MemoryTables) {}

  async take(limit: number, leaseMs: number, maxBytes = Infinity): Promise<OutboxEntry[]> {
    const now = Date.now();
    const served: OutboxQueue[] = [];
    const taken: OutboxEntry[] = [];
    let bytes = 0;
    for (const queue of this.tables.owing) {
      if (taken.length >= limit || bytes >= maxBytes) break;
      const [first] = queue.owed;
      if (!first || first.dueAt > now) continue;
      first.dueAt = now + leaseMs;
      bytes += first.event.bytes;
      taken.push(entryOf(queue, first));
      served.push(queue);
    }
    for (const queue of served) this.#toTheEnd(queue);
    return taken;
  }

  async complete(id: string): Promise<void> {
    const queue = this.tables.entries.get(id);
    const entry = this.#first(id);
    if (!queue || !entry) return;
    queue.owed.shift();
    if (queue.owed.length === 0) this.tables.owing.delete(queue);
    queue.givenUp = 0;
    this.tables.entries.delete(id);
    this.tables.charge(queue.row, -entry.event.bytes - ROW_COST.delivery);
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    for (const id of ids) {
      const entry = this.#first(id);
      if (entry) entry.dueAt = Date.now() + delayMs;
    }
  }

  async retry(id: string, delayMs: number): Promise<void> {
    const entry = this.#first(id);
    if (!entry) return;
    entry.attempts++;
    entry.dueAt = Date.now() + delayMs;
  }

  async bury(id: string, reason: string): Promise<number> {
    const queue = this.tables.entries.get(id);
    if (!queue || !this.#first(id)) return 0;
    buryFirst(this.tables, queue, reason);
    return ++queue.givenUp;
  }

  onOwed(listener: () => void): () => void {
    return this.tables.owed.onRing(listener);
  }

  #first(id: string): OutboxRow | undefined {
    const first = this.tables.entries.get(id)?.owed[0];
    return first?.id === id ? first : undefined;
  }

  /** Who was served lets the others go first. */
  #toTheEnd(queue: OutboxQueue): void {
    this.tables.owing.delete(queue);
    this.tables.owing.add(queue);
  }
}

const entryOf = ({ row, config }: OutboxQueue, { id, seq, event, attempts }: OutboxRow): OutboxEntry => ({
  id,
  config,
  event: CommittedEvent.of(row, seq, event),
  attempts,
});
