import type { TaskScope } from '../../security/call-context.js';
import type { QueueDemand } from '../run-store.interface.js';
import { type DueTask, chooseWaiting, inQueueOrder } from '../waiting-choice.js';
import type { MemoryRow, QueuePlace } from './memory-row.js';

/** Tasks of one owner in one tenant with one agent, ordered by time. */
interface Kind extends Pick<TaskScope, 'tenant' | 'owner' | 'agent'> {
  readonly places: QueuePlace[];
}

/** The queued tasks by kind, so that a claim reads only the first tasks of each kind. */
export class RunQueue {
  readonly #kinds = new Map<string, Kind>();
  size = 0;

  has(row: MemoryRow): boolean {
    return row.place !== undefined;
  }

  /** Puts the row at its position after a change; removes a row that is no longer queued. */
  put(row: MemoryRow): void {
    const { notBefore, place } = row;
    if (place?.notBefore === notBefore) return;
    if (place) this.delete(row);
    if (notBefore === undefined) return;
    const key = keyOf(row);
    let kind = this.#kinds.get(key);
    if (!kind) this.#kinds.set(key, (kind = { tenant: row.tenant, owner: row.owner, agent: row.agent, places: [] }));
    const put = { row, notBefore };
    kind.places.splice(indexOf(kind.places, put), 0, put);
    row.place = put;
    this.size++;
  }

  delete(row: MemoryRow): void {
    const { place } = row;
    const kind = place && this.#kinds.get(keyOf(row));
    if (!kind) return;
    row.place = undefined;
    this.size--;
    kind.places.splice(indexOf(kind.places, place), 1);
    if (kind.places.length === 0) this.#kinds.delete(keyOf(row));
  }

  count(limit: number, owner?: string): number {
    if (owner === undefined) return Math.min(limit, this.size);
    let count = 0;
    for (const kind of this.#kinds.values()) if (kind.owner === owner) count += kind.places.length;
    return Math.min(limit, count);
  }

  /** The tasks to start next, in order. */
  next(wanted: QueueDemand, now: number): MemoryRow[] {
    const due: (DueTask & { readonly row: MemoryRow })[] = [];
    for (const { tenant, owner, agent, places } of this.#kinds.values()) {
      const room = Math.min(wanted.limit, wanted.agents.get(agent) ?? 0);
      for (const { row, notBefore } of places.slice(0, room)) {
        if (notBefore <= now) due.push({ tenant, owner, agent, taskId: row.taskId, notBefore, row });
      }
    }
    return chooseWaiting(due, wanted).map(({ row }) => row);
  }
}

const keyOf = ({ tenant, owner, agent }: Pick<TaskScope, 'tenant' | 'owner' | 'agent'>): string =>
  JSON.stringify([tenant, owner, agent]);

const inOrder = (a: QueuePlace, b: QueuePlace): number =>
  inQueueOrder({ notBefore: a.notBefore, taskId: a.row.taskId }, { notBefore: b.notBefore, taskId: b.row.taskId });

/** The index of the position, or where to insert it. */
function indexOf(places: readonly QueuePlace[], place: QueuePlace): number {
  let [from, to] = [0, places.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (inOrder(places[middle] as QueuePlace, place) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
