/** The counters of a task that is made. One that waits for a replica is queued, and has not been attempted yet. */
export const newTaskCounters = (runOwner: string | undefined) => ({
  fence: 1,
  turn: 1,
  attempt: runOwner === undefined ? 0 : 1,
  crashes: 0,
  failures: 0,
  queued: runOwner === undefined,
});
