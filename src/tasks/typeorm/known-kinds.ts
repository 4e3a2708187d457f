/** Tasks that this process has claimed before a read can be slow for what it left in the index. */
const MANY_CLAIMED = 1_000;
/** A read that takes longer is slow, in ms. */
const SLOW_MS = 20;
/** A slow read is due again after so many times what it took, and after this time in any case, in ms. */
const PAUSE = 10;
const LONGEST_PAUSE_MS = 1_000;

/** Whose tasks they are, and of which agent. */
export type Kind = readonly [tenant: string, owner: string, agent: string];
/** A kind with the time of its first task that is due, in seconds since the epoch. */
export type SeenKind = readonly [...Kind, since: number];

export interface KnownKindsLimits {
  readonly manyClaimed?: number;
  readonly slowMs?: number;
}

/**
 * Where each kind of queued tasks begins, for quick reads. A task that was claimed leaves a dead entry at the beginning of its kind in
 * the index, which goes away when no transaction is older than that. While an old one is open, every read walks over all of them; so
 * after a slow read the next ones begin for a while where it found the first tasks. Tasks that are queued before that, and new kinds,
 * are found by the next whole read.
 */
export class KnownKinds {
  readonly #kinds = new Map<string, SeenKind>();
  #claimed = 0;
  #wholeAgainAt = 0;
  #slow = false;

  constructor(private readonly limits: KnownKindsLimits = {}) {}

  /** Whether the next read may begin where the last one found something. */
  get usable(): boolean {
    return this.#slow && this.#kinds.size > 0 && performance.now() < this.#wholeAgainAt;
  }

  /** For the statement: tenants, owners, agents, and from when on each is read, in seconds. */
  columns(): [string[], string[], string[], number[]] {
    const kinds = [...this.#kinds.values()];
    return [
      kinds.map(([t]) => t),
      kinds.map(([, o]) => o),
      kinds.map(([, , a]) => a),
      kinds.map(([, , , since]) => since),
    ];
  }

  /** `all`: there were no kinds but those that it read. */
  read(tookMs: number, claimed: number, seen: readonly SeenKind[], all: boolean): void {
    this.#claimed += claimed;
    const { manyClaimed = MANY_CLAIMED, slowMs = SLOW_MS } = this.limits;
    this.#slow = all && this.#claimed >= manyClaimed && tookMs >= slowMs;
    this.#wholeAgainAt = performance.now() + Math.min(tookMs * PAUSE, LONGEST_PAUSE_MS);
    this.#kinds.clear();
    this.#note(seen);
  }

  readKnown(claimed: number, seen: readonly SeenKind[]): void {
    this.#claimed += claimed;
    this.#note(seen);
  }

  #note(seen: readonly SeenKind[]): void {
    for (const kind of seen) this.#kinds.set(JSON.stringify(kind.slice(0, 3)), kind);
  }
}
