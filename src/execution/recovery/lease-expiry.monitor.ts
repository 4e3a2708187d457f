import type { Replica, RunStore } from '../../tasks/run-store.interface.js';

/** A live replica renews within this part of its lease: it is watched for that long before it counts as lost. */
const LEAST_PART = 1 / 4;
const LONGEST_LEAST_MS = 2_000;

/** All times are on the clock of `performance.now()`. */
interface Sighting {
  readonly mark: string;
  /** When it was first seen with this mark. */
  readonly first: number;
  /** The latest time at which it can have been renewed. */
  readonly renewed: number;
}

/**
 * Ends the leases of processes that no longer renew them: one small query, so it can run often. How long a process has been silent is
 * measured here, on a monotonic clock. The storage's clock is trusted only where it cannot be wrong by more than the time between two
 * checks, or for a process that is still silent a while after the first check.
 */
export class LeaseExpiryMonitor {
  #seen: ReadonlyMap<string, Sighting> = new Map();
  /** When the last check began. */
  #lookedAt?: number;

  /** `self`: the id of this process, which gives up its lease by itself; `leaseMs`: for processes that do not report their own. */
  constructor(
    private readonly runs: Pick<RunStore, 'replicas' | 'expireReplica'>,
    private readonly self: () => string,
    private readonly leaseMs: number,
  ) {}

  /** Whether a process was lost or has left since the last call. Throws what the storage throws. */
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
    // It was renewed since the last check. A clock that disagrees was set, and is ignored.
    const believed = ageMs >= 0 && ageMs <= longest;
    return { mark, first: now, renewed: believed ? now - ageMs : now };
  }
}

const isOver = ({ first, renewed }: Sighting, leaseMs: number, now: number): boolean =>
  now - renewed >= leaseMs && now - first >= Math.min(leaseMs * LEAST_PART, LONGEST_LEAST_MS);
