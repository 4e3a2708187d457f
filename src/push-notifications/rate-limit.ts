/** Keys that are kept. A key whose bucket is full need not be kept. */
const MAX_KEYS = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** Token bucket per key: so many per second as `perSecondOf` says, and as many at once after an idle second. */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly perSecondOf: (key: string) => number) {}

  /** How many are allowed now. */
  available(key: string, now: number): number {
    return Math.floor(this.#tokens(key, now));
  }

  /** Time until one is allowed, in ms. */
  waitMs(key: string, now: number): number {
    return Math.max(0, ((1 - this.#tokens(key, now)) / this.perSecondOf(key)) * 1000);
  }

  spend(key: string, now: number): void {
    const tokens = this.#tokens(key, now) - 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens, at: now });
    if (this.#buckets.size > MAX_KEYS) this.#forget(now);
  }

  #tokens(key: string, now: number): number {
    const bucket = this.#buckets.get(key);
    const perSecond = this.perSecondOf(key);
    if (!bucket) return perSecond;
    return Math.min(perSecond, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
  }

  /** Removes full buckets; if there are none, the one that was used longest ago. */
  #forget(now: number): void {
    for (const key of this.#buckets.keys()) {
      if (this.#tokens(key, now) >= this.perSecondOf(key)) this.#buckets.delete(key);
    }
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_KEYS && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
