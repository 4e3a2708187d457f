import { setTimeout as sleep } from 'node:timers/promises';
import { isUnavailable } from '../../src/protocol/errors/index.js';

const LIMIT_MS = 60_000;

/**
 * Repeats what a storage refuses with UNAVAILABLE, as a client does: on a busy machine the short timeout of a test may end the first
 * tries. Throws what is refused after a minute, and any other error immediately.
 */
export async function untilAvailable<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error) || performance.now() > end) throw error;
    }
    await sleep(20);
  }
}
