/** Counts the calls in progress of each caller, over all bindings. */
export class CallLimit {
  readonly #underWay = new Map<string, number>();

  constructor(readonly max: number) {}

  /** False: this caller is at its limit. Call `leave` once for each true. */
  enter(caller: string): boolean {
    const calls = this.#underWay.get(caller) ?? 0;
    if (calls >= this.max) return false;
    this.#underWay.set(caller, calls + 1);
    return true;
  }

  leave(caller: string): void {
    const calls = (this.#underWay.get(caller) ?? 0) - 1;
    if (calls > 0) this.#underWay.set(caller, calls);
    else this.#underWay.delete(caller);
  }

  underWay(caller: string): number {
    return this.#underWay.get(caller) ?? 0;
  }
}
