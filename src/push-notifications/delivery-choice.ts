import type { DueDelivery } from '../tasks/outbox.interface.js';
import { CallCounts } from './call-counts.js';
import { ALL, type DeliveryRoom, laneKey, waryKey } from './delivery-room.js';

interface HostQueue<D> {
  readonly host: string;
  readonly due: D[];
}

/**
 * Whose turn it is among what is due: of the owner who has least under way, to the host to which that owner has least under way, what
 * is due for longest. Passed over is what has no room: a host with all its slots in use, a rate that is used up, and hosts not known as
 * quick beyond half of all slots, or a quarter for one owner. To a host that is not to be called anything is chosen: it costs no slot.
 */
export class DeliveryChoice {
  /** Until a rate lets more begin; undefined: rates held nothing back. */
  waitMs?: number;
  /** Something is due that has no room. */
  passedOver = false;
  #chosen = 0;
  readonly #owners: CallCounts;
  readonly #lanes: CallCounts;
  readonly #wary: CallCounts;
  /** Chosen in this look. */
  readonly #newOfHost = new CallCounts();
  readonly #newOfOwner = new CallCounts();

  constructor(
    private readonly room: DeliveryRoom,
    private readonly limit: number,
    private readonly now: number,
  ) {
    this.#owners = new CallCounts(room.calls.byOwner);
    this.#lanes = new CallCounts(room.calls.byLane);
    this.#wary = new CallCounts(room.calls.wary);
  }

  readonly choose = <D extends DueDelivery>(due: readonly D[]): D[] => {
    const owners = byOwner(due);
    const chosen: D[] = [];
    while (this.#chosen < this.limit && owners.size > 0) {
      const owner = least([...owners.keys()], (key) => this.#owners.of(key));
      if (owner === undefined) break;
      const hosts = owners.get(owner) ?? [];
      const next = this.#nextOf(owner, hosts);
      if (next) chosen.push(next);
      else owners.delete(owner);
    }
    if (owners.size > 0) this.passedOver = true;
    return chosen;
  };

  /** Takes it out of the owner's hosts, and those without room with it; undefined: no host has room. */
  #nextOf<D>(owner: string, hosts: HostQueue<D>[]): D | undefined {
    while (hosts.length > 0) {
      const queue = least(hosts, ({ host }) => this.#lanes.of(laneKey(owner, host)));
      const next = queue && this.#hasRoom(owner, queue.host) ? queue.due.shift() : undefined;
      if (queue && (next === undefined || queue.due.length === 0)) hosts.splice(hosts.indexOf(queue), 1);
      if (queue && next !== undefined) {
        this.#count(owner, queue.host);
        return next;
      }
    }
    return undefined;
  }

  #hasRoom(owner: string, host: string): boolean {
    const { room, now } = this;
    const circuit = room.circuit(host);
    if (circuit.openFor(now) > 0) return true;
    const byRate =
      room.rateOfHost(host, now) > this.#newOfHost.of(host) &&
      room.rateOfOwner(owner, now) > this.#newOfOwner.of(owner);
    const bySlots = circuit.room(now) > this.#newOfHost.of(host) && this.#mayOwn(owner, host, circuit.quick);
    if (byRate && bySlots) return true;
    this.passedOver = true;
    if (!byRate) this.waitMs = Math.min(this.waitMs ?? Infinity, room.rateWaitMs({ owner, host }, now));
    return false;
  }

  #mayOwn(owner: string, host: string, quick: boolean): boolean {
    const { concurrency, concurrencyPerHost } = this.room.options;
    if (this.#lanes.of(laneKey(owner, host)) >= Math.ceil(concurrencyPerHost / 2)) return false;
    if (quick) return true;
    return (
      this.#wary.of(ALL) < Math.ceil(concurrency / 2) && this.#wary.of(waryKey(owner)) < Math.ceil(concurrency / 4)
    );
  }

  #count(owner: string, host: string): void {
    this.#chosen++;
    this.#owners.add(owner, 1);
    this.#lanes.add(laneKey(owner, host), 1);
    const circuit = this.room.circuit(host);
    if (circuit.openFor(this.now) > 0) return;
    this.#newOfHost.add(host, 1);
    this.#newOfOwner.add(owner, 1);
    if (circuit.quick) return;
    this.#wary.add(ALL, 1);
    this.#wary.add(waryKey(owner), 1);
  }
}

/** By owner and host, each in the order in which it is due. */
function byOwner<D extends DueDelivery>(due: readonly D[]): Map<string, HostQueue<D>[]> {
  const owners = new Map<string, HostQueue<D>[]>();
  const queues = new Map<string, HostQueue<D>>();
  for (const one of [...due].sort((a, b) => a.dueAt - b.dueAt)) {
    const key = laneKey(one.owner, one.host);
    const known = queues.get(key);
    if (known) known.due.push(one);
    else {
      const queue = { host: one.host, due: [one] };
      queues.set(key, queue);
      owners.set(one.owner, [...(owners.get(one.owner) ?? []), queue]);
    }
  }
  return owners;
}

/** The first of those with the lowest count. */
function least<T>(all: readonly T[], countOf: (one: T) => number): T | undefined {
  let found: T | undefined;
  for (const one of all) if (found === undefined || countOf(one) < countOf(found)) found = one;
  return found;
}
