/** Counts by key; a key with count zero is removed. */
export class CounterMap {
  readonly #counts: Map<string, number>;

  /** Starts as a copy of `from`. */
  constructor(from?: CounterMap) {
    this.#counts = new Map(from ? from.#counts : undefined);
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string, by: number): void {
    const count = (this.#counts.get(key) ?? 0) + by;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }

  /** The largest count. */
  get most(): number {
    let most = 0;
    for (const count of this.#counts.values()) most = Math.max(most, count);
    return most;
  }
}
