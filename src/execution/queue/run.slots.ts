import { Inject, Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { isAuthenticated, type TaskScope } from '../../security/call-context.js';
import type { WaitingWanted } from '../../tasks/run-store.interface.js';
import { EXECUTION_OPTIONS, type ExecutionLimits } from '../execution.options.js';
import { PartyCounters } from './party.counters.js';
import { CounterMap } from '../../common/counter.map.js';

/** The right of one run to be here. */
export interface RunSlot {
  /** Something may wait for want of it. */
  readonly wanted: boolean;
  /** Gives it back; the first time counts. */
  release(): void;
}

/** Places that are kept free for tasks of the line while they are being claimed. */
export interface Reservation {
  readonly wanted: WaitingWanted;
  /** Some of the line may have been passed over for want of room. */
  readonly restricted: boolean;
  /** Ends it; those that were claimed get places, in their order. */
  end(claimed: readonly TaskScope[]): RunSlot[];
}

type Limits = Pick<ExecutionLimits, 'maxRuns' | 'maxRunsPerTenant' | 'maxRunsPerOwner' | 'ownerShare'>;

/**
 * The room for runs in this process: of all, of each tenant, of each owner in all tenants, and of each agent that says so. All
 * of it is counted in memory, so that a run which finds room costs nothing. As many places as an owner's share are kept free
 * for those who run less than that: an owner with long runs must not keep others waiting for as long as these take.
 */
@Injectable()
export class RunSlots {
  readonly #parties = new PartyCounters();
  readonly #tenants = new CounterMap();
  readonly #owners = new CounterMap();
  readonly #agents = new CounterMap();
  #taken = 0;
  #reserved = 0;
  /** Somebody called whom a guard has identified: owners can be told apart. */
  #identified = false;
  /** A place was left for what waits, and nobody has looked since: no new run takes it. */
  #promised = false;
  /** A place was left for want of which something may wait. */
  readonly freed = new Subject<void>();
  /** Something may wait for want of room; who looks for it says so. */
  wanted = false;

  constructor(@Inject(EXECUTION_OPTIONS) private readonly limits: Limits) {}

  /** Runs that have a place. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether a run of any kind could have a place. */
  get open(): boolean {
    return this.#free > 0;
  }

  /** undefined: there is no room for a run of the agent for this tenant and owner now. */
  tryAcquire(agent: RegisteredAgent, scope: TaskScope): RunSlot | undefined {
    this.#identified ||= isAuthenticated(scope);
    const { maxRuns } = agent.options;
    const share = this.#share;
    const beyond = this.#owners.of(scope.owner) + this.#reserved >= share && this.#free <= share;
    return this.#promised || beyond || this.#full(scope, maxRuns, this.#reserved)
      ? undefined
      : this.#take(scope, maxRuns);
  }

  /**
   * Keeps up to `most` places for tasks of the line: while there are more than are kept free for anybody, then for owners with less than
   * their share. undefined: there is none.
   */
  reserve(agents: readonly RegisteredAgent[], most: number): Reservation | undefined {
    this.#promised = false;
    const { maxRunsPerTenant: maxPerTenant, maxRunsPerOwner } = this.limits;
    const share = this.#share;
    const beyond = this.#free > share;
    const limit = Math.min(most, beyond ? this.#free - share : this.#free);
    if (limit <= 0) return undefined;
    const maxPerOwner = beyond ? maxRunsPerOwner : Math.min(share, maxRunsPerOwner);
    const rooms = new Map(agents.map((agent) => [agent.id, this.#roomOf(agent)]));
    const wanted = { limit, agents: rooms, running: this.#parties.all(), maxPerTenant, maxPerOwner };
    const restricted =
      Math.min(...rooms.values()) < limit ||
      this.#tenants.most + limit > maxPerTenant ||
      this.#owners.most + limit > maxPerOwner;
    this.#reserved += limit;
    const end = (claimed: readonly TaskScope[]): RunSlot[] => {
      this.#reserved -= limit;
      const limits = new Map(agents.map(({ id, options }) => [id, options.maxRuns]));
      return claimed.map((scope) => this.#take(scope, limits.get(scope.agent)));
    };
    return { wanted, restricted, end };
  }

  get #free(): number {
    return this.limits.maxRuns - this.#taken - this.#reserved;
  }

  /** Callers whom nobody tells apart are one owner: there are no others for whom to keep places. */
  get #share(): number {
    return this.#identified ? this.limits.ownerShare : 0;
  }

  #roomOf({ id, options }: RegisteredAgent): number {
    return Math.max(0, (options.maxRuns ?? this.limits.maxRuns) - this.#agents.of(id));
  }

  /** Counts what is reserved for whoever it may be for. */
  #full({ tenant, owner, agent }: TaskScope, ofAgent = Infinity, reserved = 0): boolean {
    const { maxRuns, maxRunsPerTenant, maxRunsPerOwner } = this.limits;
    return (
      this.#taken + reserved >= maxRuns ||
      this.#tenants.of(tenant) + reserved >= maxRunsPerTenant ||
      this.#owners.of(owner) + reserved >= maxRunsPerOwner ||
      this.#agents.of(agent) + reserved >= ofAgent
    );
  }

  /** Whether a place more lets in what the shares keep out. */
  #atShare({ owner }: TaskScope): boolean {
    const share = this.#share;
    return share > 0 && (this.limits.maxRuns - this.#taken === share || this.#owners.of(owner) === share);
  }

  #take(scope: TaskScope, ofAgent: number | undefined): RunSlot {
    this.#count(scope, 1);
    this.#parties.start(scope);
    let left = false;
    const lacking = (): boolean => this.#full(scope, ofAgent) || this.#atShare(scope);
    const wanted = (): boolean => this.wanted && lacking();
    return {
      get wanted() {
        return wanted();
      },
      release: () => {
        if (left) return;
        left = true;
        const awaited = lacking();
        this.#count(scope, -1);
        this.#parties.end(scope);
        if (!awaited) return;
        this.#promised = this.wanted;
        this.freed.next();
      },
    };
  }

  #count({ tenant, owner, agent }: TaskScope, by: 1 | -1): void {
    this.#taken += by;
    this.#tenants.add(tenant, by);
    this.#owners.add(owner, by);
    this.#agents.add(agent, by);
  }
}
