/** Seconds since `begun`, which `performance.now()` returned. */
export const secondsSince = (begun: number): number => (performance.now() - begun) / 1000;

/** Seconds since `at`, in ms since the epoch. Another machine may have set it by its own clock: never negative. */
export const secondsSinceTime = (at: number): number => Math.max(0, Date.now() - at) / 1000;
