import type { TaskScope } from '../../security/call-context.js';
import type { OwnerRuns } from '../../tasks/run-store.interface.js';

/** Parties without a run that are kept in mind; those that were served longest ago are forgotten. */
const MAX_IDLE = 500;

/** What runs of each owner in each tenant, in the order in which they were served last: whose turn it is depends on both. */
export class PartyCounters {
  readonly #parties = new Map<string, OwnerRuns>();
  #idle = 0;

  /** Those that were served longest ago first. */
  all(): readonly OwnerRuns[] {
    return [...this.#parties.values()];
  }

  start(party: TaskScope): void {
    const key = keyOf(party);
    const { tenant, owner } = party;
    const { runs = 0 } = this.#parties.get(key) ?? {};
    if (runs === 0 && this.#parties.has(key)) this.#idle--;
    // The last one in the order of a Map is the one that was put in last.
    this.#parties.delete(key);
    this.#parties.set(key, { tenant, owner, runs: runs + 1 });
  }

  end(party: TaskScope): void {
    const key = keyOf(party);
    const known = this.#parties.get(key);
    if (!known) return;
    this.#parties.set(key, { ...known, runs: known.runs - 1 });
    if (known.runs === 1 && ++this.#idle > MAX_IDLE) this.#forgetOne();
  }

  #forgetOne(): void {
    for (const [key, { runs }] of this.#parties) {
      if (runs > 0) continue;
      this.#parties.delete(key);
      this.#idle--;
      return;
    }
  }
}

/** Not a join by a character: an owner may hold any. */
const keyOf = ({ tenant, owner }: TaskScope): string => JSON.stringify([tenant, owner]);
