export interface TallyKey {
  readonly tenant: string;
  readonly owner: string;
}

/** Counts by key; keys without a count are forgotten. */
export class Tally {
  readonly #counts = new Map<string, { readonly key: TallyKey; count: number }>();

  of(key: TallyKey): number {
    return this.#counts.get(textOf(key))?.count ?? 0;
  }

  add({ tenant, owner }: TallyKey, by: number): void {
    const text = textOf({ tenant, owner });
    const entry = this.#counts.get(text);
    if (!entry) this.#counts.set(text, { key: { tenant, owner }, count: by });
    else if ((entry.count += by) === 0) this.#counts.delete(text);
  }

  entries(): readonly { readonly key: TallyKey; readonly count: number }[] {
    return [...this.#counts.values()];
  }

  /** The largest count. */
  get most(): number {
    return this.entries().reduce((most, { count }) => Math.max(most, count), 0);
  }
}

/** Not a join by a character: an owner may hold any. */
const textOf = ({ tenant, owner }: TallyKey): string => JSON.stringify([tenant, owner]);
