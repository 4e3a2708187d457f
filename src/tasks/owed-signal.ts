/** Tells who delivers that a commit of this process wrote outbox entries. */
export class OwedSignal {
  readonly #listeners = new Set<{ readonly listener: () => void }>();

  ring(): void {
    for (const { listener } of this.#listeners) listener();
  }

  /** Returns the function that unsubscribes. The listener must not throw. */
  onRing(listener: () => void): () => void {
    const registration = { listener };
    this.#listeners.add(registration);
    return () => void this.#listeners.delete(registration);
  }
}
