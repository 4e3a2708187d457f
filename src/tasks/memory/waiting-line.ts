import type { TaskScope } from '../../security/call-context.js';
import type { WaitingWanted } from '../run-store.interface.js';
import type { TaskRow } from './task-row.js';

interface Place {
  readonly row: TaskRow;
  readonly notBefore: number;
}

/** Tasks of one owner, in one tenant, with one agent, in the order of their time. */
interface Kind extends Pick<TaskScope, 'tenant' | 'owner' | 'agent'> {
  readonly places: Place[];
}

interface Candidate {
  readonly row: TaskRow;
  readonly notBefore: number;
  /** What the owner has running when this one is taken. */
  readonly rank: number;
}

/** The tasks that wait for a start, by kind, so that a claim looks at the first ones of each kind only. */
export class WaitingLine {
  readonly #kinds = new Map<string, Kind>();
  readonly #places = new Map<TaskRow, Place>();

  get size(): number {
    return this.#places.size;
  }

  has(row: TaskRow): boolean {
    return this.#places.has(row);
  }

  /** Puts the row where it belongs, after a change of it; a row that waits no more is taken out. */
  put(row: TaskRow): void {
    const { notBefore } = row;
    const place = this.#places.get(row);
    if (place?.notBefore === notBefore) return;
    if (place) this.delete(row);
    if (notBefore === undefined) return;
    const key = keyOf(row);
    let kind = this.#kinds.get(key);
    if (!kind) this.#kinds.set(key, (kind = { tenant: row.tenant, owner: row.owner, agent: row.agent, places: [] }));
    const put = { row, notBefore };
    kind.places.splice(indexOf(kind.places, put), 0, put);
    this.#places.set(row, put);
  }

  delete(row: TaskRow): void {
    const place = this.#places.get(row);
    const kind = place && this.#kinds.get(keyOf(row));
    if (!kind) return;
    this.#places.delete(row);
    kind.places.splice(indexOf(kind.places, place), 1);
    if (kind.places.length === 0) this.#kinds.delete(keyOf(row));
  }

  count(limit: number, of?: Pick<TaskScope, 'tenant' | 'owner'>): number {
    if (!of) return Math.min(limit, this.size);
    let count = 0;
    for (const { tenant, owner, places } of this.#kinds.values())
      if (tenant === of.tenant && owner === of.owner) count += places.length;
    return Math.min(limit, count);
  }

  /** Whose turn it is, in order. */
  next(wanted: WaitingWanted, now: number): TaskRow[] {
    const { limit, agents, maxPerTenant = Infinity, maxPerOwner = Infinity } = wanted;
    const taken: TaskRow[] = [];
    const [ofAgent, ofTenant, ofOwner] = [new Map<string, number>(), ...runningOf(wanted)];
    for (const { row } of this.#candidates(wanted, ofOwner, now)) {
      if (taken.length >= limit) break;
      const [tenant, owner] = [ofTenant.get(row.tenant) ?? 0, ofOwner.get(ownerKey(row)) ?? 0];
      const agent = ofAgent.get(row.agent) ?? 0;
      if (tenant >= maxPerTenant || owner >= maxPerOwner || agent >= (agents.get(row.agent) ?? 0)) continue;
      ofTenant.set(row.tenant, tenant + 1);
      ofOwner.set(ownerKey(row), owner + 1);
      ofAgent.set(row.agent, agent + 1);
      taken.push(row);
    }
    return taken;
  }

  #candidates({ limit, agents }: WaitingWanted, running: ReadonlyMap<string, number>, now: number): Candidate[] {
    const byOwner = new Map<string, Place[]>();
    for (const kind of this.#kinds.values()) {
      const room = Math.min(limit, agents.get(kind.agent) ?? 0);
      const due = kind.places.slice(0, room).filter(({ notBefore }) => notBefore <= now);
      if (due.length > 0) byOwner.set(ownerKey(kind), [...(byOwner.get(ownerKey(kind)) ?? []), ...due]);
    }
    return [...byOwner]
      .flatMap(([key, places]) =>
        places.sort(inOrder).map((place, index) => ({ ...place, rank: (running.get(key) ?? 0) + index })),
      )
      .sort((a, b) => a.rank - b.rank || inOrder(a, b));
  }
}

/** By tenant, and by owner. */
function runningOf({ running = [] }: WaitingWanted): [Map<string, number>, Map<string, number>] {
  const tenants = new Map<string, number>();
  for (const { tenant, runs } of running) tenants.set(tenant, (tenants.get(tenant) ?? 0) + runs);
  return [tenants, new Map(running.map((of) => [ownerKey(of), of.runs]))];
}

const keyOf = ({ tenant, owner, agent }: Pick<TaskScope, 'tenant' | 'owner' | 'agent'>): string =>
  JSON.stringify([tenant, owner, agent]);
const ownerKey = ({ tenant, owner }: Pick<TaskScope, 'tenant' | 'owner'>): string => JSON.stringify([tenant, owner]);

const inOrder = (a: Place, b: Place): number =>
  a.notBefore - b.notBefore || (a.row.taskId < b.row.taskId ? -1 : a.row.taskId > b.row.taskId ? 1 : 0);

/** Where the place is, or belongs. */
function indexOf(places: readonly Place[], place: Place): number {
  let [from, to] = [0, places.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (inOrder(places[middle] as Place, place) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
