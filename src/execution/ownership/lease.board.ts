/** Whole nanoseconds since an unknown moment, on a clock that nobody sets and that all threads of a process share. */
const monotonicNs = (): bigint => process.hrtime.bigint();
const msOf = (ns: bigint): number => Number(ns) / 1e6;

const FIELDS = ['mainBeat', 'threadBeat', 'renewedOf', 'renewedAt', 'lostOf'] as const;
const AT = Object.fromEntries(FIELDS.map((name, index) => [name, index])) as Record<(typeof FIELDS)[number], number>;

/**
 * What the main thread and the thread that renews its lease know of each other, in memory that both see: it is there also for
 * one whose event loop has stood still. A lease is named by its number, which counts the ids that the process has had.
 */
export class LeaseBoard {
  readonly #cells: BigInt64Array;

  constructor(readonly memory = new SharedArrayBuffer(FIELDS.length * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.#cells = new BigInt64Array(memory);
  }

  static now(): bigint {
    return monotonicNs();
  }

  /** The event loop of this thread goes round. */
  beat(thread: 'mainBeat' | 'threadBeat'): void {
    Atomics.store(this.#cells, AT[thread], monotonicNs());
  }

  /** For how long the event loop of that thread has not gone round, in ms. */
  silentMs(thread: 'mainBeat' | 'threadBeat'): number {
    return msOf(monotonicNs() - Atomics.load(this.#cells, AT[thread]));
  }

  /** `sentAt`: what `now()` was before the storage was asked. */
  renewed(lease: number, sentAt: bigint): void {
    // In this order, so that who finds the number finds a time that is right for it.
    Atomics.store(this.#cells, AT.renewedAt, sentAt);
    Atomics.store(this.#cells, AT.renewedOf, BigInt(lease));
  }

  /** How long ago it was renewed, in ms; undefined: never by the thread. */
  renewedMsAgo(lease: number): number | undefined {
    if (Atomics.load(this.#cells, AT.renewedOf) !== BigInt(lease)) return undefined;
    return msOf(monotonicNs() - Atomics.load(this.#cells, AT.renewedAt));
  }

  /** The storage said that it is over. */
  lost(lease: number): void {
    Atomics.store(this.#cells, AT.lostOf, BigInt(lease));
  }

  isLost(lease: number): boolean {
    return Atomics.load(this.#cells, AT.lostOf) === BigInt(lease);
  }
}
