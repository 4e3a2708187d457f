import { defaultMaxListeners, getMaxListeners, setMaxListeners } from 'node:events';

/**
 * A signal that aborts when one of these does, with its reason. Call `unlink` when done: long-lived signals would keep what is linked to
 * them.
 */
export function linkedSignal(...signals: readonly (AbortSignal | undefined)[]): {
  signal: AbortSignal;
  unlink: () => void;
} {
  const controller = new AbortController();
  const linked: (() => void)[] = [];
  for (const each of signals) {
    if (!each) continue;
    // One signal may stop hundreds of calls. That is no leak: each call removes its listener.
    if (getMaxListeners(each) === defaultMaxListeners) setMaxListeners(Infinity, each);
    const follow = (): void => controller.abort(each.reason);
    if (each.aborted) follow();
    each.addEventListener('abort', follow, { once: true });
    linked.push(() => each.removeEventListener('abort', follow));
  }
  return { signal: controller.signal, unlink: () => linked.forEach((unlink) => unlink()) };
}

/** Waits for shared work. Rejects with the signal's reason when that aborts first; the work goes on. */
export async function waitFor<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  // Other waiters handle its failure.
  work.catch(() => undefined);
  signal.throwIfAborted();
  let abort: () => void;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort!);
  }
}
