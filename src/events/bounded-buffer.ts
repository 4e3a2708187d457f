import type { EventQueueLimits } from './event-queue.interface.js';

const FIRST_CAPACITY = 8;

/** A FIFO bounded in items and bytes. It is a ring that grows as needed, so every operation is O(1) amortised. */
export class BoundedBuffer<T> {
  readonly #maxItems: number;
  readonly #maxBytes: number;
  readonly #sizeOf: (event: T) => number;
  #events: (T | undefined)[] = [];
  #sizes: number[] = [];
  #head = 0;
  #length = 0;
  #bytes = 0;

  constructor({ maxItems = 1024, maxBytes = 1 << 20, sizeOf = sizeProperty }: EventQueueLimits<T> = {}) {
    this.#maxItems = positive('maxItems', maxItems);
    this.#maxBytes = positive('maxBytes', maxBytes);
    this.#sizeOf = sizeOf;
  }

  get length(): number {
    return this.#length;
  }

  /** False: it does not fit. Anything fits into an empty buffer. */
  push(event: T): boolean {
    const size = this.#sizeOf(event);
    if (this.#length > 0 && (this.#length >= this.#maxItems || this.#bytes + size > this.#maxBytes)) return false;
    if (this.#length === this.#events.length) this.#grow();
    const slot = (this.#head + this.#length) & (this.#events.length - 1);
    this.#events[slot] = event;
    this.#sizes[slot] = size;
    this.#length += 1;
    this.#bytes += size;
    return true;
  }

  /** The oldest event, without removing it. The buffer must not be empty. */
  peek(): T {
    return this.#events[this.#head] as T;
  }

  /** Removes the oldest event. The buffer must not be empty. */
  shift(): T {
    const slot = this.#head;
    const event = this.#events[slot] as T;
    this.#events[slot] = undefined;
    this.#head = (slot + 1) & (this.#events.length - 1);
    this.#length -= 1;
    this.#bytes -= this.#sizes[slot] as number;
    return event;
  }

  /** Removes the oldest events: at most `maxItems`, and as many as fit into `maxBytes`, but at least one. */
  take(maxItems: number, maxBytes: number): T[] {
    const events: T[] = [];
    let bytes = 0;
    while (this.#length > 0 && events.length < maxItems) {
      bytes += this.#sizes[this.#head] as number;
      if (bytes > maxBytes && events.length > 0) break;
      events.push(this.shift());
    }
    return events;
  }

  clear(): void {
    this.#events = [];
    this.#sizes = [];
    this.#head = this.#length = this.#bytes = 0;
  }

  #grow(): void {
    const { length } = this.#events;
    const capacity = length === 0 ? FIRST_CAPACITY : length * 2;
    const events = new Array<T | undefined>(capacity).fill(undefined);
    const sizes = new Array<number>(capacity).fill(0);
    for (let i = 0; i < length; i += 1) {
      const slot = (this.#head + i) & (length - 1);
      events[i] = this.#events[slot];
      sizes[i] = this.#sizes[slot] as number;
    }
    this.#events = events;
    this.#sizes = sizes;
    this.#head = 0;
  }
}

function positive(name: string, value: number): number {
  if (value >= 1) return value;
  throw new RangeError(`${name} must be at least 1, not ${value}.`);
}

function sizeProperty(event: unknown): number {
  const size = (event as { size?: unknown } | null | undefined)?.size;
  return typeof size === 'number' ? size : 0;
}
