import { setTimeout as sleep } from 'node:timers/promises';
import { backoffDelay } from '../../common/backoff.js';
import { unavailable } from '../../protocol/errors/index.js';

const BACKOFF = { firstMs: 1, maxMs: 50 };
/** After this many conflicts between read and write something is broken. */
const MAX_CONFLICTS = 100;

/**
 * Reads, decides and writes, and repeats that until nothing has changed between the read and the write: `attempt` then returns a
 * result. Throws UNAVAILABLE when that does not happen.
 */
export async function untilApplied<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
    const result = await attempt();
    if (result !== undefined) return result;
    await sleep(backoffDelay(conflicts, BACKOFF));
  }
  throw unavailable('The task is changed by others again and again. Try again.');
}
