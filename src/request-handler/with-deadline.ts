/** Waits with a signal that aborts when `left` does, or after `ms`. No timer outlives the wait. */
export async function withDeadline<T>(
  ms: number,
  left: AbortSignal | undefined,
  wait: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ms).unref();
  try {
    return await wait(left ? AbortSignal.any([left, limit.signal]) : limit.signal);
  } finally {
    clearTimeout(timer);
  }
}
