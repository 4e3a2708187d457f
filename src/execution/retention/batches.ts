import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_SIZE = 100;
const LARGEST_SIZE = 500;
/** In ms: a batch that takes longer is followed by a smaller one; one that takes a fifth of it by a larger one. */
const SLOW_MS = 500;
/** The pause after a batch is as long as the batch took, from here … */
const SHORTEST_PAUSE_MS = 5;
/** … to here, in ms: deletion uses at most half of one connection's time. */
const LONGEST_PAUSE_MS = 2_000;

/** Does work in batches whose size adapts to what the storage can take. */
export class Batches {
  #size = FIRST_SIZE;

  /** `pause` is for tests. */
  constructor(private readonly pause: (ms: number, signal: AbortSignal) => Promise<unknown> = sleepUnless) {}

  /**
   * Repeats until a batch was not full or the signal aborts. `work` handles up to `limit` items and returns how many it did. Returns the
   * total. After a failure, which is thrown, the next batch is a small one: the last may have been too much for one statement.
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
