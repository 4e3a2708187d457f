import type { WatchedTask } from './witness.js';

/**
 * How much later each event came from another replica than from the one that runs the task, in ms, of the events that came from
 * that one between two moments by `performance.now()`.
 */
export function lags(tasks: readonly WatchedTask[], since = -Infinity, before = Infinity): number[] {
  return tasks.flatMap(({ at, readers }) => {
    const arrivals = readers.flatMap((reader) => reader.arrivals);
    const first = new Map(arrivals.filter(({ replica }) => replica === at).map((arrival) => [arrival.seq, arrival.at]));
    return arrivals.flatMap((arrival) => {
      const began = first.get(arrival.seq);
      if (arrival.replica === at || began === undefined || began < since || began >= before) return [];
      return [Math.max(0, arrival.at - began)];
    });
  });
}
