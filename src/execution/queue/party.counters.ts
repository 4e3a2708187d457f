import type { TaskScope } from '../../security/call-context.js';
import type { OwnerRuns } from '../../tasks/run-store.interface.js';

/** Parties without a run that are remembered. Those served longest ago are forgotten first. */
const MAX_IDLE = 500;

/** Counts the runs of each owner in each tenant, in the order they were last served. Both decide who is next. */
export class PartyCounters {
  readonly #parties = new Map<string, OwnerRuns>();
  #idle = 0;

  /** Those served longest ago come first. */
  all(): readonly OwnerRuns[] {
    return [...this.#parties.values()];
  }

  /** Returns the key to end it by. */
  start({ tenant, owner }: TaskScope): string {
    // Not joined by a separator alone: an owner may contain any character.
    const key = `${tenant.length} ${tenant} ${owner}`;
    const { runs = 0 } = this.#parties.get(key) ?? {};
    if (runs === 0 && this.#parties.has(key)) this.#idle--;
    // A Map keeps insertion order: the last key is the one inserted last.
    this.#parties.delete(key);
    this.#parties.set(key, { tenant, owner, runs: runs + 1 });
    return key;
  }

  end(key: string): void {
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
