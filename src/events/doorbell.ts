const RUNG = Promise.resolve();

/** Wakes the one who waits, for whatever reason; a ring while nobody waits is kept (once) for the next. */
export class Doorbell {
  #rung = false;
  #answer?: () => void;

  ring(): void {
    if (this.#answer) {
      const answer = this.#answer;
      this.#answer = undefined;
      answer();
    } else this.#rung = true;
  }

  wait(): Promise<void> {
    if (this.#rung) {
      this.#rung = false;
      return RUNG;
    }
    return new Promise((resolve) => (this.#answer = resolve));
  }
}
