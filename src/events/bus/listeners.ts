import type { Logger } from '@nestjs/common';

type Listener<Args extends readonly unknown[]> = (...args: Args) => void;

/** Those who want to hear of something. One that throws is logged and keeps nobody else from hearing. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #listeners = new Set<Listener<Args>>();

  constructor(private readonly logger: Logger) {}

  get size(): number {
    return this.#listeners.size;
  }

  /** Returns the function that ends it. */
  add(listener: Listener<Args>): () => void {
    // A wrapper of its own: the same function may listen twice, and each registration ends by itself.
    const registration: Listener<Args> = (...args) => listener(...args);
    this.#listeners.add(registration);
    return () => void this.#listeners.delete(registration);
  }

  call(...args: Args): void {
    for (const listener of this.#listeners) {
      try {
        listener(...args);
      } catch (error) {
        this.logger.error('A listener of the event bus threw; the others were called.', error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
