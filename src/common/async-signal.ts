const SET = Promise.resolve();

/** Wakes its one waiter. A signal set while nothing waits is kept (once) for the next wait. */
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

  /** Calls `listener` the next time it is set. Earlier signals are dropped: check first, then listen. */
  listen(listener: () => void): void {
    this.#set = false;
    this.#wake = listener;
  }
}
