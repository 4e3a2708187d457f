/** Failures in a row after which the storage counts as unavailable, rather than the one task as failed. */
const IN_A_ROW = 3;

/** Tells one task that fails from a storage that is unavailable. */
export class Outage {
  #inARow = 0;
  /** The first failure. */
  error?: unknown;

  /** The rest need not be tried. */
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
