import { setTimeout as sleep } from 'node:timers/promises';
import { isUnavailable } from '../protocol/errors/index.js';

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;
const RETRY_FOR_MS = 60_000;

/**
 * Repeats `work` while the storage is away, for at most a minute; then, or when `givenUp` says so, throws what it threw. For
 * the steps of a run that nobody else would repeat: a run given up in between would keep its task from all others.
 */
export async function whileUnavailable<T>(work: () => Promise<T>, givenUp: () => boolean): Promise<T> {
  const giveUpAt = performance.now() + RETRY_FOR_MS;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error) || givenUp() || performance.now() + delay > giveUpAt) throw error;
      await sleep(delay * (0.5 + Math.random() / 2), undefined, { ref: false });
    }
  }
}
