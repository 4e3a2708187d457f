import { CounterMap } from '../common/counter.map.js';
import { HostCircuit } from './host-circuit.js';
import type { PushNotificationsOptions } from './push-notifications.options.js';
import { RateLimit } from './rate-limit.js';

/** Hosts whose state is kept. */
const MAX_HOSTS = 10_000;

/** The owner of a call, and the host that it goes to. */
export interface Lane {
  readonly owner: string;
  readonly host: string;
}

/** What is in progress in this process, and what may start: by host, by owner, and by rate. */
export class DeliveryCapacity {
  /**
   * Calls in progress by owner; by owner and host; and by owner to hosts not known to be quick, where ALL counts those of all
   * owners.
   */
  readonly calls = { byOwner: new CounterMap(), byLane: new CounterMap(), unproven: new CounterMap() };
  readonly #hosts = new Map<string, HostCircuit>();
  readonly #perHost: RateLimit;
  readonly #perOwner: RateLimit;

  /** `perOwner`: calls per second to the webhooks of an owner. */
  constructor(
    readonly options: PushNotificationsOptions,
    perOwner: (owner: string) => number = () => options.maxPerOwnerPerSecond,
  ) {
    this.#perHost = new RateLimit(() => options.maxPerHostPerSecond);
    this.#perOwner = new RateLimit(perOwner);
  }

  circuit(host: string): HostCircuit {
    return this.#hosts.get(host) ?? new HostCircuit(this.options);
  }

  /** Time for which the circuit of the host stays open, in ms. */
  openFor(host: string, now = performance.now()): number {
    return this.circuit(host).openFor(now);
  }

  /** Calls that the rate allows now. */
  rateOfHost = (host: string, now: number): number => this.#perHost.available(host, now);
  rateOfOwner = (owner: string, now: number): number => this.#perOwner.available(owner, now);

  /** Time until the rates allow a call, in ms. */
  rateWaitMs({ owner, host }: Lane, now: number): number {
    return Math.max(this.#perOwner.waitMs(owner, now), this.#perHost.waitMs(host, now));
  }

  /**
   * Starts a call. undefined: there is no capacity for it. The function that is returned ends the call: `answered` is undefined
   * if nothing was learned about the host.
   */
  begin(lane: Lane, now = performance.now()): ((answered?: boolean) => void) | undefined {
    const { owner, host } = lane;
    const circuit = this.circuit(host);
    if (circuit.available(now) <= 0 || this.rateWaitMs(lane, now) > 0) return undefined;
    this.#hosts.delete(host);
    this.#hosts.set(host, circuit);
    if (this.#hosts.size > MAX_HOSTS) this.#forget();
    this.#perHost.spend(host, now);
    this.#perOwner.spend(owner, now);
    const unproven = !circuit.quick;
    this.#count(lane, circuit, unproven, 1);
    return (answered) => {
      this.#count(lane, circuit, unproven, -1);
      const end = performance.now();
      if (answered === true) circuit.answered(end - now);
      else if (answered === false) circuit.unanswered(end);
    };
  }

  #count({ owner, host }: Lane, circuit: HostCircuit, unproven: boolean, more: 1 | -1): void {
    circuit.underWay += more;
    this.calls.byOwner.add(owner, more);
    this.calls.byLane.add(laneKey(owner, host), more);
    if (!unproven) return;
    this.calls.unproven.add(unprovenKey(owner), more);
    this.calls.unproven.add(ALL, more);
  }

  /** Forgets the host that was called longest ago, of those without failures. */
  #forget(): void {
    for (const [host, circuit] of this.#hosts) {
      if (!circuit.fresh) continue;
      this.#hosts.delete(host);
      return;
    }
    const idle = [...this.#hosts].find(([, circuit]) => circuit.underWay === 0);
    if (idle) this.#hosts.delete(idle[0]);
  }
}

export const laneKey = (owner: string, host: string): string => JSON.stringify([owner, host]);
export const ALL = '*';
export const unprovenKey = (owner: string): string => `=${owner}`;
