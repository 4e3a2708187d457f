/** How many calls are under way, by a key. */
export class CallCounts {
  readonly #counts: Map<string, number>;

  constructor(counts?: CallCounts) {
    this.#counts = new Map(counts ? counts.#counts : undefined);
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string, more: 1 | -1): void {
    const count = this.of(key) + more;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}
