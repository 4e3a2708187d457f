/** Keys that are remembered; of those that are full nothing need be. */
const MAX_KEYS = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** So many a second of each key, and as many at once after a second of rest. */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly perSecond: number) {}

  /** How many may go now. */
  room(key: string, now: number): number {
    return Math.floor(this.#tokens(key, now));
  }

  /** Until one may go, in ms. */
  waitMs(key: string, now: number): number {
    return Math.max(0, ((1 - this.#tokens(key, now)) / this.perSecond) * 1000);
  }

  spend(key: string, now: number): void {
    const tokens = this.#tokens(key, now) - 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens, at: now });
    if (this.#buckets.size > MAX_KEYS) this.#forget(now);
  }

  #tokens(key: string, now: number): number {
    const bucket = this.#buckets.get(key);
    if (!bucket) return this.perSecond;
    return Math.min(this.perSecond, bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond);
  }

  /** Those that are full again; if there are none, what was used longest ago. */
  #forget(now: number): void {
    for (const key of this.#buckets.keys()) {
      if (this.#tokens(key, now) >= this.perSecond) this.#buckets.delete(key);
    }
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_KEYS && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
