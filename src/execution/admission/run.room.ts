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
    return this.#full(scope, agent.options.maxRuns, this.#reserved) ? undefined : this.#take(scope, agent);
  }

  /** Keeps up to `most` places for tasks of the line. undefined: there is none. */
  reserve(agents: readonly RegisteredAgent[], most: number): Reservation | undefined {
    const { maxRuns, maxRunsPerTenant: maxPerTenant, maxRunsPerOwner: maxPerOwner } = this.limits;
    const limit = Math.min(most, maxRuns - this.#taken - this.#reserved);
    if (limit <= 0) return undefined;
    const rooms = new Map(agents.map((agent) => [agent.id, this.#roomOf(agent)]));
    const running = this.#owners.entries().map(({ key, count }) => ({ ...key, runs: count }));
    const wanted = { limit, agents: rooms, running, maxPerTenant, maxPerOwner };
    const restricted =
      Math.min(...rooms.values()) < limit ||
      this.#tenants.most + limit > maxPerTenant ||
      this.#owners.most + limit > maxPerOwner;
    this.#reserved += limit;
    const end = (claimed: readonly TaskScope[]): Place[] => {
      this.#reserved -= limit;
      const byId = new Map(agents.map((agent) => [agent.id, agent]));
      return claimed.map((scope) => this.#take(scope, byId.get(scope.agent)));
    };
    return { wanted, restricted, end };
  }

  #roomOf({ id, options }: RegisteredAgent): number {
    return Math.max(0, (options.maxRuns ?? this.limits.maxRuns) - this.#agents.of({ tenant: '', owner: id }));
  }

  /** Counts what is reserved for whoever it may be for. */
  #full(scope: TaskScope, ofAgent = Infinity, reserved = 0): boolean {
    const { maxRuns, maxRunsPerTenant, maxRunsPerOwner } = this.limits;
    return (
      this.#taken + reserved >= maxRuns ||
      this.#tenants.of(tenantOf(scope)) + reserved >= maxRunsPerTenant ||
      this.#owners.of(scope) + reserved >= maxRunsPerOwner ||
      this.#agents.of(agentOf(scope)) + reserved >= ofAgent
    );
  }

  #take(scope: TaskScope, agent: RegisteredAgent | undefined): Place {
    const count = (by: 1 | -1): void => {
      this.#taken += by;
      this.#tenants.add(tenantOf(scope), by);
      this.#owners.add(scope, by);
      this.#agents.add(agentOf(scope), by);
    };
    count(1);
    let left = false;
    return {
      leave: () => {
        if (left) return;
        left = true;
        const full = this.#full(scope, agent?.options.maxRuns);
        count(-1);
        if (full) this.#freed();
      },
    };
  }
}

const tenantOf = ({ tenant }: TaskScope) => ({ tenant, owner: '' });
const agentOf = ({ agent }: TaskScope) => ({ tenant: '', owner: agent });
