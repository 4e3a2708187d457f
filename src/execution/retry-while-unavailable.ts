import { setTimeout as sleep } from 'node:timers/promises';
import { exponentialDelay, jittered } from '../common/backoff.js';
import { isUnavailable } from '../protocol/errors/index.js';

const BACKOFF = { firstMs: 50, maxMs: 2_000 };
const RETRY_FOR_MS = 60_000;

/**
 * Repeats `work` while the storage is unavailable, for at most a minute, or until `givenUp` returns true; then throws the last error. For
 * steps of a run that no other process would repeat: a run abandoned in between would keep its task from all others.
 */
export async function retryWhileUnavailable<T>(work: () => Promise<T>, givenUp: () => boolean): Promise<T> {
  const giveUpAt = performance.now() + RETRY_FOR_MS;
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      const delay = exponentialDelay(failures, BACKOFF);
      if (!isUnavailable(error) || givenUp() || performance.now() + delay > giveUpAt) throw error;
      await sleep(jittered(delay), undefined, { ref: false });
    }
  }
}
