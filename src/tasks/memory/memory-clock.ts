/** Milliseconds since the epoch as of the start of the process, on a clock that nobody sets: what waits here waits as long as it was told. */
export const memoryNow = (): number => Math.floor(performance.timeOrigin + performance.now());
