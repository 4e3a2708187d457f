import { TransientMap } from './transient-map.js';

/** Runs one piece of work at a time for each key, in order of arrival. Keeps nothing for unused keys. */
export class KeyedMutex {
  readonly #last = new TransientMap<string, Promise<unknown>>();

  /** Runs `work` when the earlier work for this key has settled; at once if there is none. */
  runExclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before ? before.then(work, work) : work();
    this.#last.set(key, mine);
    const forget = (): void => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    };
    mine.then(forget, forget);
    return mine;
  }

  isLocked(key: string): boolean {
    return this.#last.has(key);
  }
}
