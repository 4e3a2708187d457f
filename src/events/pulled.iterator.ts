import type { DirectSource } from './direct-source.interface.js';

/**
 * Yields what `pull` returns, one pull after the other, until that is undefined. Use it like a generator, but it keeps nothing that it
 * yielded. A generator holds its parameters and variables, and so its last batch, until it is pulled again, which a client that does not
 * read can delay as long as it likes.
 *
 * `stop` is called when the consumer leaves, also before its first pull, and after a pull that threw. It makes a waiting pull return
 * undefined. `direct` bypasses the pulls, if it is given.
 */
export class PulledIterator<V> implements AsyncGenerator<V, void, void>, DirectSource<V> {
  /** Settles with the pulls requested so far, and holds none of their values. */
  #pulled: Promise<void> = Promise.resolve();
  #done = false;

  constructor(
    private readonly pull: () => Promise<V | undefined>,
    private readonly stop: () => unknown,
    private readonly direct?: DirectSource<V>,
  ) {}

  take(): V | undefined {
    return this.direct?.take?.();
  }

  whenMore(listener: () => void): boolean {
    return this.direct?.whenMore?.(listener) === true;
  }

  next(): Promise<IteratorResult<V, void>> {
    const result = this.#pulled.then(() => this.#next());
    this.#pulled = result.then(ignore, ignore);
    return result;
  }

  async return(): Promise<IteratorReturnResult<void>> {
    this.#done = true;
    await this.stop();
    await this.#pulled;
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorReturnResult<void>> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #next(): Promise<IteratorResult<V, void>> {
    if (this.#done) return { done: true, value: undefined };
    try {
      const value = await this.pull();
      if (value !== undefined) return { done: false, value };
    } catch (error) {
      this.#done = true;
      await this.stop();
      throw error;
    }
    this.#done = true;
    return { done: true, value: undefined };
  }
}

const ignore = (): void => undefined;
