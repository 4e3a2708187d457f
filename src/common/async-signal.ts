const SET = Promise.resolve();

/** Wakes the one party that waits; set while nobody waits, it is kept (once) for the next wait. */
export class AsyncSignal {
  #set = false;
  #wake?: () => void;

  set(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    if (wake) wake();
    else this.#set = true;
  }

  wait(): Promise<void> {
    if (this.#set) {
      this.#set = false;
      return SET;
    }
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Calls `listener` the next time it is set. What was set before is forgotten: look first, then listen. */
  listen(listener: () => void): void {
    this.#set = false;
    this.#wake = listener;
  }
}
