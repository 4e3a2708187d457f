interface Slot<V> {
  value: V | undefined;
}

/**
 * A map for what comes and goes with each call, such as the runs of a process. In the order of insertion.
 *
 * V8 links each hash table that a Map has given up to the table that replaced it (`OrderedHashTable::Rehash`). Once one of them is in the
 * old generation, its successors survive every minor collection, and so do the values that they held when they were replaced: everything
 * that a call has allocated then waits for a major collection. Here the tables hold slots, which are emptied when an entry is deleted.
 */
export class TransientMap<K, V> {
  readonly #slots = new Map<K, Slot<V>>();

  get size(): number {
    return this.#slots.size;
  }

  get(key: K): V | undefined {
    return this.#slots.get(key)?.value;
  }

  has(key: K): boolean {
    return this.#slots.has(key);
  }

  set(key: K, value: V): void {
    const slot = this.#slots.get(key);
    if (slot) slot.value = value;
    else this.#slots.set(key, { value });
  }

  delete(key: K): boolean {
    const slot = this.#slots.get(key);
    if (!slot) return false;
    slot.value = undefined;
    return this.#slots.delete(key);
  }

  keys(): IterableIterator<K> {
    return this.#slots.keys();
  }

  /** Entries may be deleted meanwhile. */
  *values(): IterableIterator<V> {
    for (const { value } of this.#slots.values()) yield value as V;
  }

  /** Entries may be deleted meanwhile. */
  *[Symbol.iterator](): IterableIterator<[key: K, value: V]> {
    for (const [key, { value }] of this.#slots) yield [key, value as V];
  }
}
