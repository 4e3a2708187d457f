/** Tasks that this process has claimed before a look can be dear for what it left in the index. */
const MANY_CLAIMED = 1_000;
/** A look that takes longer is dear, in ms. */
const DEAR_MS = 20;
/** A dear look is due again after so many times what it took, and after this time in any case, in ms. */
const PAUSE = 10;
const LONGEST_PAUSE_MS = 1_000;

type Kind = readonly [tenant: string, owner: string, agent: string, since: number];

export interface KnownKindsLimits {
  readonly manyClaimed?: number;
  readonly dearMs?: number;
}

/**
 * Where each kind of waiting tasks begins, for looks in between. A task that was claimed leaves a dead entry at the beginning of its
 * kind in the index, which goes away when no transaction is older than that. While an old one is open, every look walks over all of
 * them; so a look that was long says where it found the first tasks, and those after it begin there for a while. What comes
 * to stand before that, and new kinds, are found by the next whole look.
 */
export class KnownKinds {
  readonly #kinds = new Map<string, Kind>();
  #claimed = 0;
  #wholeAgainAt = 0;
  #dear = false;

  constructor(private readonly limits: KnownKindsLimits = {}) {}

  /** Whether the next look may begin where the last one found something. */
  get usable(): boolean {
    return this.#dear && this.#kinds.size > 0 && performance.now() < this.#wholeAgainAt;
  }

  /** Whether a whole look is to say what it saw. */
  get wanted(): boolean {
    return this.#dear;
  }

  /** For the statement: tenants, owners, agents, and from when on each is looked at, in seconds. */
  columns(): [string[], string[], string[], number[]] {
    const kinds = [...this.#kinds.values()];
    return [
      kinds.map(([t]) => t),
      kinds.map(([, o]) => o),
      kinds.map(([, , a]) => a),
      kinds.map(([, , , since]) => since),
    ];
  }

  /** `all`: there were no kinds but those that it was about. */
  looked(tookMs: number, claimed: number, seen: string | null, all: boolean): void {
    this.#claimed += claimed;
    const { manyClaimed = MANY_CLAIMED, dearMs = DEAR_MS } = this.limits;
    this.#dear = all && this.#claimed >= manyClaimed && tookMs >= dearMs;
    this.#wholeAgainAt = performance.now() + Math.min(tookMs * PAUSE, LONGEST_PAUSE_MS);
    this.#kinds.clear();
    this.#note(seen);
  }

  lookedAtKnown(claimed: number, seen: string | null): void {
    this.#claimed += claimed;
    this.#note(seen);
  }

  #note(seen: string | null): void {
    for (const kind of JSON.parse(seen ?? '[]') as Kind[]) this.#kinds.set(JSON.stringify(kind.slice(0, 3)), kind);
  }
}
