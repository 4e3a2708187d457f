import type { DueDelivery } from '../tasks/outbox.interface.js';
import { CounterMap } from '../common/counter.map.js';
import { ALL, type DeliveryCapacity, laneKey, unprovenKey } from './delivery-capacity.js';

interface HostQueue<D> {
  readonly host: string;
  readonly due: D[];
}

/**
 * Chooses which due deliveries start next: of the owner with the fewest calls in progress, to the host to which that owner has
 * the fewest, the one that is due longest. It skips what has no free capacity: a host whose slots are all in use, a rate that is
 * used up, and hosts not known to be quick beyond half of all slots, or a quarter for one owner. A delivery to a host whose
 * circuit is open is always chosen: it costs no slot.
 */
export class DeliveryChoice {
  /** Time until a rate allows more, in ms. undefined: no rate held anything back. */
  waitMs?: number;
  /** Something is due that has no free capacity. */
  skipped = false;
  #chosen = 0;
  readonly #owners: CounterMap;
  readonly #lanes: CounterMap;
  readonly #unproven: CounterMap;
  /** Chosen in this scan. */
  readonly #newOfHost = new CounterMap();
  readonly #newOfOwner = new CounterMap();

  constructor(
    private readonly capacity: DeliveryCapacity,
    private readonly limit: number,
    private readonly now: number,
  ) {
    this.#owners = new CounterMap(capacity.calls.byOwner);
    this.#lanes = new CounterMap(capacity.calls.byLane);
    this.#unproven = new CounterMap(capacity.calls.unproven);
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
    if (owners.size > 0) this.skipped = true;
    return chosen;
  };

  /** Removes the delivery from its queue, and hosts without capacity with it. undefined: no host has capacity. */
  #nextOf<D>(owner: string, hosts: HostQueue<D>[]): D | undefined {
    while (hosts.length > 0) {
      const queue = least(hosts, ({ host }) => this.#lanes.of(laneKey(owner, host)));
      const next = queue && this.#mayBegin(owner, queue.host) ? queue.due.shift() : undefined;
      if (queue && (next === undefined || queue.due.length === 0)) hosts.splice(hosts.indexOf(queue), 1);
      if (queue && next !== undefined) {
        this.#count(owner, queue.host);
        return next;
      }
    }
    return undefined;
  }

  #mayBegin(owner: string, host: string): boolean {
    const { capacity, now } = this;
    const circuit = capacity.circuit(host);
    if (circuit.openFor(now) > 0) return true;
    const byRate =
      capacity.rateOfHost(host, now) > this.#newOfHost.of(host) &&
      capacity.rateOfOwner(owner, now) > this.#newOfOwner.of(owner);
    const bySlots = circuit.available(now) > this.#newOfHost.of(host) && this.#mayOwn(owner, host, circuit.quick);
    if (byRate && bySlots) return true;
    this.skipped = true;
    if (!byRate) this.waitMs = Math.min(this.waitMs ?? Infinity, capacity.rateWaitMs({ owner, host }, now));
    return false;
  }

  #mayOwn(owner: string, host: string, quick: boolean): boolean {
    const { concurrency, concurrencyPerHost } = this.capacity.options;
    if (this.#lanes.of(laneKey(owner, host)) >= Math.ceil(concurrencyPerHost / 2)) return false;
    if (quick) return true;
    return (
      this.#unproven.of(ALL) < Math.ceil(concurrency / 2) &&
      this.#unproven.of(unprovenKey(owner)) < Math.ceil(concurrency / 4)
    );
  }

  #count(owner: string, host: string): void {
    this.#chosen++;
    this.#owners.add(owner, 1);
    this.#lanes.add(laneKey(owner, host), 1);
    const circuit = this.capacity.circuit(host);
    if (circuit.openFor(this.now) > 0) return;
    this.#newOfHost.add(host, 1);
    this.#newOfOwner.add(owner, 1);
    if (circuit.quick) return;
    this.#unproven.add(ALL, 1);
    this.#unproven.add(unprovenKey(owner), 1);
  }
}

/** By owner and host, each in the order of the due times. */
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
