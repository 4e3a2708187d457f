/** Runs one piece of work at a time for each key, in the order in which they come. Keeps nothing of keys that nobody uses. */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` when what came before for this key is done, however that ended; at once if there is nothing. */
  async runExclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before ? before.then(work, work) : work();
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }

  isLocked(key: string): boolean {
    return this.#last.has(key);
  }
}
