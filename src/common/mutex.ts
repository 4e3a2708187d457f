/** Runs one piece of work at a time, in the order in which they come. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when what came before is done, however that ended. */
  runExclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
