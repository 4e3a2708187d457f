/** JSON of so many bytes takes milliseconds in each step of its way: to parse, to check, to copy, to write out. */
const LARGE_BYTES = 64 * 1024;

const waiting: (() => void)[] = [];

/** Whether the work on so much JSON is to be done in steps. */
export const isLarge = (bytes: number): boolean => bytes >= LARGE_BYTES;

/**
 * Await it between two steps of the work on one large request, so that the event loop stands still for a step and not for all of
 * them. Those who wait go on one in a turn of the loop.
 */
export function turnOfItsOwn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(goOn);
  });
}

function goOn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(goOn);
}
