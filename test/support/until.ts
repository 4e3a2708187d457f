const LIMIT_MS = 60_000;

/** Waits for what others in this process bring about; throws when it does not come. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`What was waited for did not come within ${LIMIT_MS} ms.`);
    await new Promise(setImmediate);
  }
}
