/** Clocks that differ by less count as equal: a question to the storage takes time, and nobody minds. */
export const TOLERANCE_MS = 1_000;

/** One for the process, as its clock is. */
let offsetMs = 0;

/** Now, for the time of a status: by this process's clock, or by the storage's where that is more than a second off. */
export const statusNow = (): string => new Date(Date.now() + offsetMs).toISOString();

/**
 * The storage's clock said `storageMs` (of the epoch) in answer to a question that was asked at `askedMs` of this process's clock
 * and took `tookMs`. Returns how far this process's clock is ahead of it, in ms; 0: not by more than the tolerance. undefined: the
 * answer came too late to tell, and nothing has changed.
 */
export function compareClocks(storageMs: number, askedMs: number, tookMs: number): number | undefined {
  if (tookMs > TOLERANCE_MS) return undefined;
  const behind = storageMs - (askedMs + tookMs / 2);
  // Clocks drift: a small difference is no reason to let times go back.
  if (Math.abs(behind) <= TOLERANCE_MS) offsetMs = 0;
  else if (Math.abs(behind - offsetMs) > TOLERANCE_MS) offsetMs = Math.round(behind);
  return offsetMs === 0 ? 0 : -offsetMs;
}
