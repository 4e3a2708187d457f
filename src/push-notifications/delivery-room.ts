import { CallCounts } from './call-counts.js';
import { HostCircuit } from './host-circuit.js';
import type { PushNotificationsOptions } from './push-notifications.options.js';
import { RateLimit } from './rate-limit.js';

/** Hosts of which something is known. */
const MAX_HOSTS = 10_000;

/** Whose call it is, and where it goes. */
export interface Lane {
  readonly owner: string;
  readonly host: string;
}

/** What is under way, and what may begin: by host, by owner, and by how many a second. Of this process. */
export class DeliveryRoom {
  /** By owner; by owner and host; by owner, to hosts that are not known as quick; '' counts the latter of all owners. */
  readonly calls = { byOwner: new CallCounts(), byLane: new CallCounts(), wary: new CallCounts() };
  readonly #hosts = new Map<string, HostCircuit>();
  readonly #perHost: RateLimit;
  readonly #perOwner: RateLimit;

  constructor(readonly options: PushNotificationsOptions) {
    this.#perHost = new RateLimit(options.maxPerHostPerSecond);
    this.#perOwner = new RateLimit(options.maxPerOwnerPerSecond);
  }

  circuit(host: string): HostCircuit {
    return this.#hosts.get(host) ?? new HostCircuit(this.options);
  }

  /** For how long the host is not to be called, in ms. */
  openFor(host: string, now = performance.now()): number {
    return this.circuit(host).openFor(now);
  }

  /** Calls that may begin, as far as their rates go. */
  rateOfHost = (host: string, now: number): number => this.#perHost.room(host, now);
  rateOfOwner = (owner: string, now: number): number => this.#perOwner.room(owner, now);

  /** Until rates let a call begin, in ms. */
  rateWaitMs({ owner, host }: Lane, now: number): number {
    return Math.max(this.#perOwner.waitMs(owner, now), this.#perHost.waitMs(host, now));
  }

  /**
   * Begins a call; undefined: there is no room for it. The function it returns ends the call: `answered` is undefined when nothing was
   * learned of the host.
   */
  begin(lane: Lane, now = performance.now()): ((answered?: boolean) => void) | undefined {
    const { owner, host } = lane;
    const circuit = this.circuit(host);
    if (circuit.room(now) <= 0 || this.rateWaitMs(lane, now) > 0) return undefined;
    this.#hosts.delete(host);
    this.#hosts.set(host, circuit);
    if (this.#hosts.size > MAX_HOSTS) this.#forget();
    this.#perHost.spend(host, now);
    this.#perOwner.spend(owner, now);
    const wary = !circuit.quick;
    this.#count(lane, circuit, wary, 1);
    return (answered) => {
      this.#count(lane, circuit, wary, -1);
      const end = performance.now();
      if (answered === true) circuit.answered(end - now);
      else if (answered === false) circuit.unanswered(end);
    };
  }

  #count({ owner, host }: Lane, circuit: HostCircuit, wary: boolean, more: 1 | -1): void {
    circuit.underWay += more;
    this.calls.byOwner.add(owner, more);
    this.calls.byLane.add(laneKey(owner, host), more);
    if (!wary) return;
    this.calls.wary.add(waryKey(owner), more);
    this.calls.wary.add(ALL, more);
  }

  /** The one that was called longest ago, of those of which nothing bad is known. */
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
export const waryKey = (owner: string): string => `=${owner}`;
