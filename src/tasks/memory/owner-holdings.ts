import { LargestFirst } from './largest-first.js';
import type { MemoryRow } from './memory-row.js';

/** What one owner holds, over all tenants and agents. */
export class Holding {
  bytes = 0;
  tasks = 0;
  /** Its ended tasks, in the order of their end. */
  readonly ended = new Set<MemoryRow>();
  /** Kept between calls: a Set that is emptied from the front is slow to iterate from its start. */
  #endedFrom = this.ended.values();

  /** The task that ended first. The caller deletes it. */
  nextEnded(): MemoryRow | undefined {
    let next = this.#endedFrom.next();
    if (next.done) {
      this.#endedFrom = this.ended.values();
      next = this.#endedFrom.next();
    }
    return next.value;
  }
}

export type Measure = 'bytes' | 'tasks';

/** An owner who holds more than this fraction of a limit cannot displace tasks of owners who hold less. */
const FAIR_PART = 1 / 4;

/** How much each owner holds, and whose task to delete next: one of the owner who holds most, among owners with ended tasks. */
export class OwnerHoldings {
  readonly #owners = new Map<string, Holding>();
  /** Made when a limit is reached for the first time. */
  #largest?: Record<Measure, LargestFirst<Holding>>;

  of(owner: string): Readonly<Record<Measure, number>> | undefined {
    return this.#owners.get(owner);
  }

  /** Adds tasks and bytes; negative numbers subtract. */
  add(owner: string, bytes: number, tasks = 0): void {
    const holding = this.#owners.get(owner) ?? new Holding();
    this.#owners.set(owner, holding);
    holding.bytes += bytes;
    holding.tasks += tasks;
    if (this.#largest) this.#place(this.#largest, holding);
    if (holding.tasks === 0) this.#owners.delete(owner);
  }

  /** Call when the row has ended, or was deleted. */
  setEnded(row: MemoryRow, ended: boolean): void {
    const holding = this.#owners.get(row.owner);
    if (!holding) return;
    if (ended) holding.ended.add(row);
    else holding.ended.delete(row);
    if (this.#largest) this.#place(this.#largest, holding);
  }

  /** The ended task to delete when `limit` is reached; the caller deletes it. undefined: none may be deleted for this owner. */
  next(owner: string, measure: Measure, limit: number): MemoryRow | undefined {
    this.#largest ??= this.#inOrder();
    const victim = this.#largest[measure].first;
    const own = this.#owners.get(owner)?.[measure] ?? 0;
    if (victim && own > limit * FAIR_PART && victim[measure] < own) return undefined;
    return victim?.nextEnded();
  }

  #inOrder(): Record<Measure, LargestFirst<Holding>> {
    const largest = {
      bytes: new LargestFirst<Holding>(({ bytes }) => bytes),
      tasks: new LargestFirst<Holding>(({ tasks }) => tasks),
    };
    for (const holding of this.#owners.values()) this.#place(largest, holding);
    return largest;
  }

  #place({ bytes, tasks }: Record<Measure, LargestFirst<Holding>>, holding: Holding): void {
    for (const largest of [bytes, tasks]) {
      if (holding.ended.size > 0) largest.put(holding);
      else largest.delete(holding);
    }
  }
}
