const SET = Promise.resolve();

/** Wakes the one party that waits; set while nobody waits, it is kept (once) for the next wait. */
export class AsyncSignal {
  #set = false;
  #resolve?: () => void;

  set(): void {
    if (this.#resolve) {
      const resolve = this.#resolve;
      this.#resolve = undefined;
      resolve();
    } else this.#set = true;
  }

  wait(): Promise<void> {
    if (this.#set) {
      this.#set = false;
      return SET;
    }
    return new Promise((resolve) => (this.#resolve = resolve));
  }
}
