import { Inject, Injectable } from '@nestjs/common';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import type { TaskScope } from '../../security/call-context.js';
import type { WaitingWanted } from '../../tasks/run-store.interface.js';
import { EXECUTION_OPTIONS, type ExecutionLimits } from '../execution.options.js';
import { Tally } from './tally.js';

/** The right of one run to be here. */
export interface Place {
  /** Gives it back; the first time counts. */
  leave(): void;
}

/** Places that are kept free for tasks of the line while they are being claimed. */
export interface Reservation {
  readonly wanted: WaitingWanted;
  /** Some of the line may have been passed over for want of room. */
  readonly restricted: boolean;
  /** Ends it; those that were claimed get places, in their order. */
  end(claimed: readonly TaskScope[]): Place[];
}

type Limits = Pick<ExecutionLimits, 'maxRuns' | 'maxRunsPerTenant' | 'maxRunsPerOwner'>;

/**
 * The room for runs in this process: of all, of each tenant, of each owner in its tenant, and of each agent that says so. All
 * of it is counted in memory, so that a run which finds room costs nothing.
 */
@Injectable()
export class RunRoom {
  readonly #tenants = new Tally();
  readonly #owners = new Tally();
  readonly #agents = new Tally();
  #taken = 0;
  #reserved = 0;
  #freed: () => void = () => undefined;

  constructor(@Inject(EXECUTION_OPTIONS) private readonly limits: Limits) {}

  /** Called when a place is left for want of which something may wait. */
  onFreed(listener: () => void): void {
    this.#freed = listener;
  }

  /** Runs that have a place. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether a run of any kind could have a place. */
  get open(): boolean {
    return this.#taken + this.#reserved < this.limits.maxRuns;
  }

  /** undefined: there is no room for a run of the agent for this tenant and owner now. */
  enter(agent: RegisteredAgent, scope: TaskScope): Place | undefined {
    const owner = keyOf(scope);
    const { maxRuns } = agent.options;
    return this.#full(scope, owner, maxRuns, this.#reserved) ? undefined : this.#take(scope, owner, maxRuns);
  }

  /** Keeps up to `most` places for tasks of the line. undefined: there is none. */
  reserve(agents: readonly RegisteredAgent[], most: number): Reservation | undefined {
    const { maxRuns, maxRunsPerTenant: maxPerTenant, maxRunsPerOwner: maxPerOwner } = this.limits;
    const limit = Math.min(most, maxRuns - this.#taken - this.#reserved);
    if (limit <= 0) return undefined;
    const rooms = new Map(agents.map((agent) => [agent.id, this.#roomOf(agent)]));
    const running = this.#owners.entries().map(([key, runs]) => ({ ...ownerOf(key), runs }));
    const wanted = { limit, agents: rooms, running, maxPerTenant, maxPerOwner };
    const restricted =
      Math.min(...rooms.values()) < limit ||
      this.#tenants.most + limit > maxPerTenant ||
      this.#owners.most + limit > maxPerOwner;
    this.#reserved += limit;
    const end = (claimed: readonly TaskScope[]): Place[] => {
      this.#reserved -= limit;
      const limits = new Map(agents.map(({ id, options }) => [id, options.maxRuns]));
      return claimed.map((scope) => this.#take(scope, keyOf(scope), limits.get(scope.agent)));
    };
    return { wanted, restricted, end };
  }

  #roomOf({ id, options }: RegisteredAgent): number {
    return Math.max(0, (options.maxRuns ?? this.limits.maxRuns) - this.#agents.of(id));
  }

  /** Counts what is reserved for whoever it may be for. */
  #full({ tenant, agent }: TaskScope, owner: string, ofAgent = Infinity, reserved = 0): boolean {
    const { maxRuns, maxRunsPerTenant, maxRunsPerOwner } = this.limits;
    return (
      this.#taken + reserved >= maxRuns ||
      this.#tenants.of(tenant) + reserved >= maxRunsPerTenant ||
      this.#owners.of(owner) + reserved >= maxRunsPerOwner ||
      this.#agents.of(agent) + reserved >= ofAgent
    );
  }

  #take(scope: TaskScope, owner: string, ofAgent: number | undefined): Place {
    this.#count(scope, owner, 1);
    let left = false;
    return {
      leave: () => {
        if (left) return;
        left = true;
        const full = this.#full(scope, owner, ofAgent);
        this.#count(scope, owner, -1);
        if (full) this.#freed();
      },
    };
  }

  #count({ tenant, agent }: TaskScope, owner: string, by: 1 | -1): void {
    this.#taken += by;
    this.#tenants.add(tenant, by);
    this.#owners.add(owner, by);
    this.#agents.add(agent, by);
  }
}

/** Not a join by a character: an owner may hold any. */
const keyOf = ({ tenant, owner }: TaskScope): string => JSON.stringify([tenant, owner]);

function ownerOf(key: string): { tenant: string; owner: string } {
  const [tenant, owner] = JSON.parse(key) as [string, string];
  return { tenant, owner };
}
