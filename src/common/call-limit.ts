/** Counts the calls in progress of each caller, over all bindings. */
export class CallLimit {
  readonly #underWay = new Map<string, number>();

  /** False: this caller has `max` calls in progress. Call `leave` once for each true. */
  enter(caller: string, max: number): boolean {
    const calls = this.#underWay.get(caller) ?? 0;
    if (calls >= max) return false;
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
