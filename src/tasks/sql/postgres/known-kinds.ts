/** Dead index entries slow a read down only after this process has claimed this many tasks. */
const MANY_CLAIMED = 1_000;
/** A read that takes longer is slow, in ms. */
const SLOW_MS = 20;
/** After a slow read the next full read waits this many times as long as it took, and at most the time below, in ms. */
const PAUSE = 10;
const LONGEST_PAUSE_MS = 1_000;

/** The scope of queued tasks, with their agent and the time of the first one that is due, in ms since the epoch. */
export type SeenKind = readonly [waits: string, agent: string, since: number];

export interface KnownKindsLimits {
  readonly manyClaimed?: number;
  readonly slowMs?: number;
}

/**
 * Where each kind of queued tasks begins in the index, for fast reads. A claimed task leaves a dead entry at the beginning of its
 * kind. The entry stays until no transaction is older than it. While an old transaction is open, every read walks over all these
 * entries. So after a slow read, the next reads start for a while where it found the first tasks. The next full read finds new
 * kinds, and tasks that were queued for an earlier time.
 */
export class KnownKinds {
  readonly #kinds = new Map<string, SeenKind>();
  #claimed = 0;
  #wholeAgainAt = 0;
  #slow = false;

  constructor(private readonly limits: KnownKindsLimits = {}) {}

  /** Whether the next read may start where the last one found something. */
  get usable(): boolean {
    return this.#slow && this.#kinds.size > 0 && performance.now() < this.#wholeAgainAt;
  }

  /** Parameters for the statement: kinds, their agents, and the time from which each is read. */
  columns(): [string[], string[], number[]] {
    const kinds = [...this.#kinds.values()];
    return [kinds.map(([waits]) => waits), kinds.map(([, agent]) => agent), kinds.map(([, , since]) => since)];
  }

  /** `all`: the read covered all kinds. */
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
    for (const kind of seen) this.#kinds.set(kind[0], kind);
  }
}
