import { setImmediate as nextLoop } from 'node:timers/promises';

/** How long the event loop is kept at most, apart from one item. */
const SLICE_MS = 8;

/** Visits all items, with the event loop going round in between; rejects with the signal's reason when it is aborted. */
export async function inSlices<T>(items: Iterable<T>, signal: AbortSignal, visit: (item: T) => void): Promise<void> {
  signal.throwIfAborted();
  let since = performance.now();
  for (const item of items) {
    visit(item);
    if (performance.now() - since < SLICE_MS) continue;
    await nextLoop();
    signal.throwIfAborted();
    since = performance.now();
  }
}
