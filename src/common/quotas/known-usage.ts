/** What is stored of an owner or a tenant. */
export interface StoredUsage {
  readonly tasks: number;
  /** Bytes of all events of these tasks, also of those that were trimmed from their logs. */
  readonly bytes: number;
}

const MAX_OWNERS = 10_000;

/** The latest counts of what owners have stored, for the headers that say what is left. */
export class KnownUsage {
  readonly #owners = new Map<string, StoredUsage>();

  /** `usage` may change afterwards. */
  note(owner: string, usage: StoredUsage): void {
    this.#owners.delete(owner);
    this.#owners.set(owner, usage);
    const [oldest] = this.#owners.keys();
    if (this.#owners.size > MAX_OWNERS && oldest !== undefined) this.#owners.delete(oldest);
  }

  /** undefined: nothing was counted yet. */
  of(owner: string): StoredUsage | undefined {
    return this.#owners.get(owner);
  }
}
