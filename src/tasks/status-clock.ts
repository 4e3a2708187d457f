/** Clocks that differ by less count as equal: the query to the storage takes time, and such a difference does no harm. */
export const TOLERANCE_MS = 1_000;

/** One per process, as there is one clock. */
let offsetMs = 0;

/** The present time for a status: by this process's clock, or by the storage's if they differ by more than a second. */
export const statusNow = (): string => new Date(Date.now() + offsetMs).toISOString();

/**
 * Compares the clocks. The storage's clock said `storageMs` (since the epoch) in answer to a query that was sent at `askedMs` by
 * this process's clock and took `tookMs`. Returns how far this process's clock is ahead, in ms; 0: within the tolerance.
 * undefined: the query took too long to tell, and nothing changed.
 */
export function compareClocks(storageMs: number, askedMs: number, tookMs: number): number | undefined {
  if (tookMs > TOLERANCE_MS) return undefined;
  const behind = storageMs - (askedMs + tookMs / 2);
  // Clocks drift: a small difference does not justify times that go back.
  if (Math.abs(behind) <= TOLERANCE_MS) offsetMs = 0;
  else if (Math.abs(behind - offsetMs) > TOLERANCE_MS) offsetMs = Math.round(behind);
  return offsetMs === 0 ? 0 : -offsetMs;
}
