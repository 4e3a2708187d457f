import type { EventQueueLimits } from './event-queue.interface.js';

/** Removed events stay in the array until there are so many, and half of the array is gone. */
const COMPACT_FROM = 64;

/** A FIFO bounded in items and bytes. Every operation is O(1) amortised. */
export class BoundedBuffer<T> {
  readonly #maxItems: number;
  readonly #maxBytes: number;
  readonly #sizeOf: (event: T) => number;
  #events: (T | undefined)[] = [];
  #sizes: number[] = [];
  /** Index of the oldest event. */
  #head = 0;
  #bytes = 0;

  constructor({ maxItems = 1024, maxBytes = 1 << 20, sizeOf = sizeProperty }: EventQueueLimits<T> = {}) {
    if (!(maxItems >= 1)) throw new RangeError(`maxItems must be at least 1, not ${maxItems}.`);
    if (!(maxBytes >= 1)) throw new RangeError(`maxBytes must be at least 1, not ${maxBytes}.`);
    this.#maxItems = maxItems;
    this.#maxBytes = maxBytes;
    this.#sizeOf = sizeOf;
  }

  get length(): number {
    return this.#events.length - this.#head;
  }

  /** False: it does not fit. Anything fits into an empty buffer. */
  push(event: T): boolean {
    const size = this.#sizeOf(event);
    const length = this.#events.length - this.#head;
    if (length > 0 && (length >= this.#maxItems || this.#bytes + size > this.#maxBytes)) return false;
    this.#events.push(event);
    this.#sizes.push(size);
    this.#bytes += size;
    return true;
  }

  /** The oldest event, without removing it. The buffer must not be empty. */
  peek(): T {
    return this.#events[this.#head] as T;
  }

  /** Removes the oldest event. The buffer must not be empty. */
  shift(): T {
    return this.take(1, Infinity)[0] as T;
  }

  /** Removes the oldest events: at most `maxItems`, and as many as fit into `maxBytes`, but at least one. */
  take(maxItems: number, maxBytes: number): T[] {
    const taken: T[] = [];
    let bytes = 0;
    while (this.#head < this.#events.length && taken.length < maxItems) {
      bytes += this.#sizes[this.#head] as number;
      if (bytes > maxBytes && taken.length > 0) break;
      this.#bytes -= this.#sizes[this.#head] as number;
      taken.push(this.#events[this.#head] as T);
      this.#events[this.#head++] = undefined;
    }
    if (this.#head === this.#events.length) {
      this.#events.length = this.#sizes.length = this.#head = 0;
    } else if (this.#head >= COMPACT_FROM && 2 * this.#head > this.#events.length) {
      this.#events.splice(0, this.#head);
      this.#sizes.splice(0, this.#head);
      this.#head = 0;
    }
    return taken;
  }

  clear(): void {
    this.#events = [];
    this.#sizes = [];
    this.#head = this.#bytes = 0;
  }
}

function sizeProperty(event: unknown): number {
  const size = (event as { size?: unknown } | null | undefined)?.size;
  return typeof size === 'number' ? size : 0;
}
