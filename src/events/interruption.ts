/** Lets one party interrupt the wait of another. One wait at a time. */
export class Interruption {
  #stopped = false;
  #onStop?: () => void;

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    this.#onStop?.();
  }

  /** Settles as `work` does, or resolves to undefined when stopped. The work itself continues; its outcome is dropped. */
  async race<V>(work: Promise<V>): Promise<V | undefined> {
    const stopped = new Promise<undefined>((resolve) => this.#listen(() => resolve(undefined)));
    try {
      return await Promise.race([work, stopped]);
    } finally {
      this.#onStop = undefined;
    }
  }

  async sleep(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await this.race(new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))));
    clearTimeout(timer);
  }

  #listen(onStop: () => void): void {
    if (this.#stopped) onStop();
    else this.#onStop = onStop;
  }
}
