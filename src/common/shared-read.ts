/** A read that is too expensive for each caller: concurrent callers share one, and its result is given for `ageMs` more. */
export class SharedRead<T> {
  #reading?: Promise<T>;
  #kept?: { readonly value: T; readonly until: number };

  constructor(
    private readonly read: () => Promise<T>,
    private readonly ageMs: number,
  ) {}

  get(): Promise<T> {
    if (this.#kept && performance.now() < this.#kept.until) return Promise.resolve(this.#kept.value);
    this.#reading ??= this.#readNow().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readNow(): Promise<T> {
    const value = await this.read();
    this.#kept = { value, until: performance.now() + this.ageMs };
    return value;
  }
}
