import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_SIZE = 100;
const LARGEST_SIZE = 500;
/** A batch that takes longer is followed by a smaller one, in ms; one that takes a fifth of it by a larger one. */
const SLOW_MS = 500;
/** Between two batches is a pause as long as the first one took, from here … */
const SHORTEST_PAUSE_MS = 5;
/** … to here, in ms: what is deleted takes no more than half of one connection's time. */
const LONGEST_PAUSE_MS = 2_000;

/** Does work in batches that the storage bears well, whatever a batch holds. */
export class Batches {
  #size = FIRST_SIZE;

  /** `pause`: for tests. */
  constructor(private readonly pause: (ms: number, signal: AbortSignal) => Promise<unknown> = sleepUnless) {}

  /**
   * Until a batch was not full, or the signal aborts. `work` does up to `limit` and says how many it did. Returns how many that
   * were. After a failure, which is thrown, the next batch is a small one: it may have been too much for one statement.
   */
  async run(work: (limit: number) => Promise<number>, signal: AbortSignal): Promise<number> {
    for (let total = 0; !signal.aborted;) {
      const limit = this.#size;
      const begun = performance.now();
      const done = await work(limit).catch((error: unknown) => {
        this.#size = Math.max(1, limit >> 3);
        throw error;
      });
      total += done;
      if (done < limit) return total;
      const tookMs = performance.now() - begun;
      this.#adapt(tookMs);
      await this.pause(Math.min(Math.max(tookMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS), signal);
      if (signal.aborted) return total;
    }
    return 0;
  }

  #adapt(tookMs: number): void {
    if (tookMs > SLOW_MS) this.#size = Math.max(1, this.#size >> 1);
    else if (tookMs < SLOW_MS / 5) this.#size = Math.min(LARGEST_SIZE, this.#size * 2);
  }
}

const sleepUnless = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
