import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 60_000;
/** What takes more turns of the event loop than this is looked for each millisecond: others need the processor to bring it about. */
const EAGER_TURNS = 200;

/** Waits for what others bring about, in this process or elsewhere; throws when it does not come. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  for (let turn = 0; !(await condition()); turn++) {
    if (performance.now() > end) throw new Error(`What was waited for did not come within ${LIMIT_MS} ms.`);
    await (turn < EAGER_TURNS ? new Promise(setImmediate) : sleep(1));
  }
}

/** Reads until there is something, and gives it. Throws as `until` does. */
export async function untilSome<T>(read: () => Promise<T[]>): Promise<T[]> {
  let found: T[] = [];
  await until(async () => (found = await read()).length > 0);
  return found;
}
