import type { OutboxQueue } from './outbox-queue.js';

/** Queues that owe something, by owner and host: all queues of an owner and host can be passed over without reading them. */
export class OwingLanes {
  readonly #lanes = new Map<string, Set<OutboxQueue>>();
  readonly #laneOf = new Map<OutboxQueue, string>();

  get size(): number {
    return this.#laneOf.size;
  }

  has(queue: OutboxQueue): boolean {
    return this.#laneOf.has(queue);
  }

  /** Adds the queue to the end of its lane, and removes it from any other lane. */
  add(queue: OutboxQueue): void {
    const key = JSON.stringify([queue.row.owner, queue.host]);
    const known = this.#laneOf.get(queue);
    if (known === key) return;
    if (known !== undefined) this.delete(queue);
    this.#laneOf.set(queue, key);
    const lane = this.#lanes.get(key);
    if (lane) lane.add(queue);
    else this.#lanes.set(key, new Set([queue]));
  }

  delete(queue: OutboxQueue): void {
    const key = this.#laneOf.get(queue);
    if (key === undefined) return;
    const lane = this.#lanes.get(key);
    lane?.delete(queue);
    if (lane?.size === 0) this.#lanes.delete(key);
    this.#laneOf.delete(queue);
  }

  /** Moves a queue that was served, and its lane, behind the others. */
  toTheEnd(queue: OutboxQueue): void {
    const key = this.#laneOf.get(queue);
    const lane = key === undefined ? undefined : this.#lanes.get(key);
    if (key === undefined || !lane) return;
    lane.delete(queue);
    lane.add(queue);
    this.#lanes.delete(key);
    this.#lanes.set(key, lane);
  }

  /** The first `limit` of each lane that are due. */
  *due(now: number, limit: number): Iterable<OutboxQueue[]> {
    for (const lane of this.#lanes.values()) {
      const due: OutboxQueue[] = [];
      for (const queue of lane) {
        if (due.length >= limit) break;
        const [first] = queue.owed;
        if (first && first.dueAt <= now) due.push(queue);
      }
      if (due.length > 0) yield due;
    }
  }
}
