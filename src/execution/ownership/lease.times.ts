/** Renewals that a lease has time for. */
const RENEWALS = 5;
/** The part of a lease that an answer is waited for. */
const ANSWER_PART = 1 / 3;
/** The part of a lease, at its end, in which nothing runs under it any more. */
const MARGIN = 0.1;
/** Pause after a renewal that failed: this part of the lease, and never longer than a second. */
const RETRY_PART = 1 / 60;
const LONGEST_RETRY_MS = 1_000;

/** From one renewal to the next. */
export const renewalMs = (leaseMs: number): number => leaseMs / RENEWALS;
export const answerMs = (leaseMs: number): number => leaseMs * ANSWER_PART;
export const retryMs = (leaseMs: number): number => Math.min(leaseMs * RETRY_PART, LONGEST_RETRY_MS);
/** How long a renewal lasts, from before it was sent. */
export const heldMs = (leaseMs: number): number => leaseMs * (1 - MARGIN);
