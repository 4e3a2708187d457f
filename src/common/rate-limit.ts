/** What is left of a caller's budget. */
export interface RateState {
  /** The whole budget, in calls per minute. */
  readonly perMinute: number;
  /** false: the budget is used up, and the call must not be served. */
  readonly ok: boolean;
  /** Calls that the caller may still make at once. */
  readonly remaining: number;
  /** Until a call is possible, in ms; 0 if it is now. */
  readonly retryMs: number;
  /** Until the whole budget is there again, in ms. */
  readonly resetMs: number;
}

const MINUTE_MS = 60_000;

/** Callers that are remembered; beyond it the one that was added first begins again. */
const MAX_CALLERS = 100_000;

/**
 * Counts the calls of each caller over time. A caller may make its calls per minute at once, and gets them back evenly over a minute
 * (GCRA): a caller is one number, the time at which its whole budget is there again.
 */
export class RateLimit {
  readonly #fullAt = new Map<string, number>();

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly maxCallers = MAX_CALLERS,
  ) {}

  /** Takes a call from the budget of its caller, unless that is used up; undefined: there is no limit, which `perMinute` 0 says. */
  take(caller: string, perMinute: number): RateState | undefined {
    if (perMinute === 0) return undefined;
    const costMs = MINUTE_MS / perMinute;
    const now = this.now();
    const before = Math.max(this.#fullAt.get(caller) ?? now, now);
    const after = before + costMs;
    const ok = after - now <= MINUTE_MS + TOLERANCE_MS;
    if (ok) this.#remember(caller, after, now);
    const resetMs = (ok ? after : before) - now;
    return {
      perMinute,
      ok,
      remaining: Math.max(0, Math.floor((MINUTE_MS + TOLERANCE_MS - resetMs) / costMs)),
      retryMs: ok ? 0 : after - now - MINUTE_MS,
      resetMs,
    };
  }

  #remember(caller: string, fullAt: number, now: number): void {
    if (!this.#fullAt.has(caller) && this.#fullAt.size >= this.maxCallers) this.#evictFor(now);
    this.#fullAt.set(caller, fullAt);
  }

  /** Forgets the callers whose budget is whole, else the one that was added first. */
  #evictFor(now: number): void {
    for (const [caller, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(caller);
    const [first] = this.#fullAt.keys();
    if (this.#fullAt.size >= this.maxCallers && first !== undefined) this.#fullAt.delete(first);
  }
}

/** Sums of fractions of a millisecond are not exact. */
const TOLERANCE_MS = 0.001;
