import type { Replica, RunStore } from '../../tasks/run-store.interface.js';

/** A replica that lives renews within this part of its lease: so long it is looked at before it counts as lost. */
const LEAST_PART = 1 / 4;
const LONGEST_LEAST_MS = 2_000;

/** All on the clock of `performance.now()`. */
interface Sighting {
  readonly mark: string;
  /** When it was seen with this mark for the first time. */
  readonly first: number;
  /** When it was renewed at the latest. */
  readonly renewed: number;
}

/**
 * Ends the leases of processes that do not renew them any more: one small query, so it can be asked often. How long a process has
 * been silent is measured here, on a clock that nobody sets. What the storage's clock says is believed only where it cannot be
 * wrong by more than the time between two looks, or of a process that is still silent a while after the first look.
 */
export class LeaseExpiryMonitor {
  #seen: ReadonlyMap<string, Sighting> = new Map();
  /** When the last look began. */
  #lookedAt?: number;

  /** `self`: the id of this process, which gives up its lease by itself; `leaseMs`: that of processes that do not say theirs. */
  constructor(
    private readonly runs: Pick<RunStore, 'replicas' | 'expireReplica'>,
    private readonly self: () => string,
    private readonly leaseMs: number,
  ) {}

  /** Whether a process was lost, or has left, since it was last asked. Throws what the storage throws. */
  async anyNew(): Promise<boolean> {
    const begun = performance.now();
    const replicas = await this.runs.replicas();
    const now = performance.now();
    const before = this.#seen;
    const seen = new Map(replicas.map((replica) => [replica.id, this.#sighting(replica, now)]));
    this.#seen = seen;
    this.#lookedAt = begun;
    let any = [...before.keys()].some((id) => !seen.has(id));
    for (const { id, mark, leaseMs = this.leaseMs } of replicas) {
      const sighting = seen.get(id);
      if (id === this.self() || !sighting || !isOver(sighting, leaseMs, now)) continue;
      if (await this.runs.expireReplica(id, mark)) any = true;
      seen.delete(id);
    }
    return any;
  }

  #sighting({ id, mark, ageMs }: Replica, now: number): Sighting {
    const known = this.#seen.get(id);
    if (known?.mark === mark) return known;
    const longest = this.#lookedAt === undefined ? Infinity : now - this.#lookedAt;
    // It was renewed since the last look. A clock that says otherwise was set, and says nothing.
    const believed = ageMs >= 0 && ageMs <= longest;
    return { mark, first: now, renewed: believed ? now - ageMs : now };
  }
}

const isOver = ({ first, renewed }: Sighting, leaseMs: number, now: number): boolean =>
  now - renewed >= leaseMs && now - first >= Math.min(leaseMs * LEAST_PART, LONGEST_LEAST_MS);
