/** Keeps the item with the largest size on top. A change of a size costs the logarithm of the number of items. */
export class LargestFirst<T> {
  /** A binary heap: no item is larger than its parent, which is at half its index. */
  readonly #heap: T[] = [];
  readonly #places = new Map<T, number>();

  constructor(private readonly sizeOf: (item: T) => number) {}

  get first(): T | undefined {
    return this.#heap[0];
  }

  /** Adds the item, or updates its size. */
  put(item: T): void {
    const place = this.#places.get(item) ?? this.#heap.length;
    this.#set(place, item);
    this.#sink(this.#rise(place));
  }

  delete(item: T): void {
    const place = this.#places.get(item);
    if (place === undefined) return;
    const last = this.#heap.pop();
    this.#places.delete(item);
    if (last === undefined || last === item) return;
    this.#set(place, last);
    this.#sink(this.#rise(place));
  }

  #rise(place: number): number {
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#size(parent) >= this.#size(place)) break;
      this.#swap(place, parent);
      place = parent;
    }
    return place;
  }

  #sink(place: number): void {
    for (;;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const child = this.#size(right) > this.#size(left) ? right : left;
      if (this.#size(child) <= this.#size(place)) return;
      this.#swap(place, child);
      place = child;
    }
  }

  #size(place: number): number {
    const item = this.#heap[place];
    return item === undefined ? -Infinity : this.sizeOf(item);
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#set(a, second);
    this.#set(b, first);
  }

  #set(place: number, item: T): void {
    this.#heap[place] = item;
    this.#places.set(item, place);
  }
}
