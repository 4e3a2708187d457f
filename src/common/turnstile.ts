/** Lets one user at a time through, in the order in which they come. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `use` when those before are done, however they end. */
  pass<T>(use: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(use);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
