import { Inject, Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import { isAuthenticated, type TaskScope } from '../../security/call-context.js';
import type { QueueDemand } from '../../tasks/run-store.interface.js';
import { EXECUTION_OPTIONS, type ExecutionLimits } from '../execution.options.js';
import { PartyCounters } from './party.counters.js';
import { CounterMap } from '../../common/counter.map.js';
import { QuotaTable } from '../../common/quotas/quota.table.js';

/** The right of one run to execute here. */
export interface RunSlot {
  /** Something may be waiting for this slot. */
  isWanted(): boolean;
  /** Releases the slot; only the first call counts. */
  release(): void;
}

/** Slots reserved for queued tasks while they are being claimed. */
export interface Reservation {
  readonly wanted: QueueDemand;
  /** Some queued tasks may have been skipped because there was no capacity for them. */
  readonly restricted: boolean;
  /** Ends the reservation. The claimed tasks get slots, in their order. */
  end(claimed: readonly TaskScope[]): RunSlot[];
}

type Limits = Pick<ExecutionLimits, 'maxRuns' | 'ownerShare'>;

/**
 * The capacity for runs in this process: in all, per tenant, per owner over all tenants, and per agent that sets a limit. It is all counted
 * in memory, so a run that finds capacity costs nothing. As many slots as an owner's share are reserved for owners that run less than that:
 * an owner with long runs must not keep others waiting until these end.
 */
@Injectable()
export class RunSlots {
  readonly #parties = new PartyCounters();
  readonly #tenants = new CounterMap();
  readonly #owners = new CounterMap();
  readonly #agents = new CounterMap();
  #taken = 0;
  #reserved = 0;
  /** A guard has identified a caller, so owners can be told apart. */
  #identified = false;
  /** A slot was released for queued work and nothing has scanned since: no new run takes it. */
  #promised = false;
  /** Emits when a slot was released that something may be waiting for. */
  readonly freed = new Subject<void>();
  /** Something may be waiting for capacity. The scan that serves it sets this. */
  wanted = false;

  constructor(
    @Inject(EXECUTION_OPTIONS) private readonly limits: Limits,
    private readonly quotas: QuotaTable,
  ) {}

  /** Slots in use. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether there could be a slot for some run. */
  get open(): boolean {
    return this.#free > 0;
  }

  /** undefined: no capacity now for a run of this agent, tenant and owner. */
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
   * Reserves up to `most` slots for queued tasks: for any owner while more than the shares are free, then only for owners with less than
   * their share. undefined: none is free.
   */
  reserve(agents: readonly RegisteredAgent[], most: number): Reservation | undefined {
    this.#promised = false;
    const { quotas } = this;
    const share = this.#share;
    const beyond = this.#free > share;
    const limit = Math.min(most, beyond ? this.#free - share : this.#free);
    if (limit <= 0) return undefined;
    const ofShare = beyond ? Infinity : share;
    const maxPerTenant = (tenant: string): number => quotas.ofTenant(tenant).runs;
    const maxPerOwner = (owner: string): number => Math.min(ofShare, quotas.ofOwner(owner).runs);
    const rooms = new Map(agents.map((agent) => [agent.id, this.#roomOf(agent)]));
    const wanted = { limit, agents: rooms, running: this.#parties.all(), maxPerTenant, maxPerOwner };
    const restricted =
      Math.min(...rooms.values()) < limit ||
      this.#tenants.most + limit > quotas.least.ofTenants ||
      this.#owners.most + limit > Math.min(ofShare, quotas.least.ofOwners);
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

  /** Callers that cannot be told apart are one owner: there are no others to reserve slots for. */
  get #share(): number {
    return this.#identified ? this.limits.ownerShare : 0;
  }

  #roomOf({ id, options }: RegisteredAgent): number {
    return Math.max(0, (options.maxRuns ?? this.limits.maxRuns) - this.#agents.of(id));
  }

  /** Counts a reservation against every tenant, owner and agent it may be used for. */
  #full({ tenant, owner, agent }: TaskScope, ofAgent = Infinity, reserved = 0): boolean {
    return (
      this.#taken + reserved >= this.limits.maxRuns ||
      this.#tenants.of(tenant) + reserved >= this.quotas.ofTenant(tenant).runs ||
      this.#owners.of(owner) + reserved >= this.quotas.ofOwner(owner).runs ||
      this.#agents.of(agent) + reserved >= ofAgent
    );
  }

  /** Whether one more slot would admit something: the limits or the shares keep runs like this one out. */
  #lacking(scope: TaskScope, ofAgent: number | undefined): boolean {
    if (this.#full(scope, ofAgent)) return true;
    const share = this.#share;
    return share > 0 && (this.limits.maxRuns - this.#taken === share || this.#owners.of(scope.owner) === share);
  }

  #take(scope: TaskScope, ofAgent: number | undefined): RunSlot {
    this.#count(scope, 1);
    const party = this.#parties.start(scope);
    let left = false;
    return {
      isWanted: () => this.wanted && this.#lacking(scope, ofAgent),
      release: () => {
        if (left) return;
        left = true;
        const awaited = this.#lacking(scope, ofAgent);
        this.#count(scope, -1);
        this.#parties.end(party);
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
