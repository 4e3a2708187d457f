/** After this many failures in a row the storage counts as unavailable, not the single task as failed. */
const IN_A_ROW = 3;

/** Tells a failure of one task from an unavailable storage. */
export class Outage {
  #inARow = 0;
  /** The first failure. */
  error?: unknown;

  /** The storage is unavailable: do not try the rest. */
  get lasts(): boolean {
    return this.#inARow >= IN_A_ROW;
  }

  answered(): void {
    this.#inARow = 0;
  }

  failed(error: unknown): void {
    this.error ??= error;
    this.#inARow++;
  }
}
