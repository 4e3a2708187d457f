/** JSON of this many bytes takes milliseconds in each step: parsing, checking, copying, serialising. */
const LARGE_BYTES = 64 * 1024;

const waiting: (() => void)[] = [];

/** Whether to process JSON of this size in steps. */
export const isLarge = (bytes: number): boolean => bytes >= LARGE_BYTES;

/**
 * Await it between two steps of the work on one large request, so that it blocks the event loop for one step and not for all of them.
 * Waiting requests resume one per event loop turn.
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

/** Approximate memory of a JSON value, in bytes, without serialising it. */
export function jsonSize(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 16;
  if (Array.isArray(value)) for (const item of value) size += jsonSize(item);
  else for (const name of Object.keys(value)) size += name.length + jsonSize((value as Record<string, unknown>)[name]);
  return size;
}
