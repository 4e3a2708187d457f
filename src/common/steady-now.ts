/** Milliseconds since the epoch by a monotonic clock that is set once at process start: later clock changes do not affect waits. */
export const steadyNow = (): number => Math.floor(performance.timeOrigin + performance.now());
