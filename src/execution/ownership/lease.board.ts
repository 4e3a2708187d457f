/** Nanoseconds since an arbitrary moment, on a monotonic clock that all threads of a process share. */
const monotonicNs = (): bigint => process.hrtime.bigint();
const msOf = (ns: bigint): number => Number(ns) / 1e6;

const FIELDS = ['mainBeat', 'threadBeat', 'renewedOf', 'renewedAt', 'lostOf'] as const;
const AT = Object.fromEntries(FIELDS.map((name, index) => [name, index])) as Record<(typeof FIELDS)[number], number>;

/**
 * State shared by the main thread and the thread that renews its lease. It is in shared memory, so a blocked event loop does not hide it. A
 * lease is named by its number: the count of ids that the process has had.
 */
export class LeaseBoard {
  readonly #cells: BigInt64Array;

  constructor(readonly memory = new SharedArrayBuffer(FIELDS.length * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.#cells = new BigInt64Array(memory);
  }

  static now(): bigint {
    return monotonicNs();
  }

  /** Records that this thread's event loop is running. */
  beat(thread: 'mainBeat' | 'threadBeat'): void {
    Atomics.store(this.#cells, AT[thread], monotonicNs());
  }

  /** How long the event loop of that thread has been silent, in ms. */
  silentMs(thread: 'mainBeat' | 'threadBeat'): number {
    return msOf(monotonicNs() - Atomics.load(this.#cells, AT[thread]));
  }

  /** `sentAt`: what `now()` was before the request to the storage. */
  renewed(lease: number, sentAt: bigint): void {
    // In this order, so that a reader that finds the number also finds its time.
    Atomics.store(this.#cells, AT.renewedAt, sentAt);
    Atomics.store(this.#cells, AT.renewedOf, BigInt(lease));
  }

  /** Time since the thread last renewed it, in ms; undefined: it never did. */
  renewedMsAgo(lease: number): number | undefined {
    if (Atomics.load(this.#cells, AT.renewedOf) !== BigInt(lease)) return undefined;
    return msOf(monotonicNs() - Atomics.load(this.#cells, AT.renewedAt));
  }

  /** The storage reported that the lease is over. */
  lost(lease: number): void {
    Atomics.store(this.#cells, AT.lostOf, BigInt(lease));
  }

  isLost(lease: number): boolean {
    return Atomics.load(this.#cells, AT.lostOf) === BigInt(lease);
  }
}
