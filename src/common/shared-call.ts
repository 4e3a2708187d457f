/** Calls that arrive while one is under way get its result. */
export class SharedCall<T> {
  #underWay?: Promise<T>;

  constructor(private readonly work: () => Promise<T>) {}

  call(): Promise<T> {
    return (this.#underWay ??= this.work().finally(() => (this.#underWay = undefined)));
  }
}
