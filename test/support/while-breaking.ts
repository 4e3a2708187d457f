import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Breaks something again and again while `work` goes on, at moments that fall before, into and after its calls. Between two
 * breaks something gets done, which the work says by `progress`, however slow the machine is. Returns how often it broke it.
 */
export async function whileBreaking(
  breakIt: () => unknown,
  mostMs: number,
  work: (progress: () => void) => Promise<unknown>,
): Promise<number> {
  let working = true;
  let progressed = true;
  let breaks = 0;
  const done = work(() => void (progressed = true)).finally(() => (working = false));
  while (working) {
    await sleep(Math.random() * mostMs);
    if (!working || !progressed) continue;
    progressed = false;
    await breakIt();
    breaks++;
  }
  await done;
  return breaks;
}
