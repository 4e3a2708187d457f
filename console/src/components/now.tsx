import { useSyncExternalStore } from 'react';
import { dateTime, relative } from '../format/times.js';

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all relative times. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** '12 s ago', with the time itself on hovering. */
export function Ago({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={dateTime(at)} className="num">
      {relative(at, useNow())}
    </time>
  );
}
