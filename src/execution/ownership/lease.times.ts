/** Renewals per lease. */
const RENEWALS = 5;
/** The part of a lease to wait for an answer. */
const ANSWER_PART = 1 / 3;
/** The part of a lease, at its end, in which nothing may run under it. */
const MARGIN = 0.1;
/** Pause after a failed renewal: this part of the lease, at most a second. */
const RETRY_PART = 1 / 60;
const LONGEST_RETRY_MS = 1_000;

/** Time from one renewal to the next. */
export const renewalMs = (leaseMs: number): number => leaseMs / RENEWALS;
export const answerMs = (leaseMs: number): number => leaseMs * ANSWER_PART;
export const retryMs = (leaseMs: number): number => Math.min(leaseMs * RETRY_PART, LONGEST_RETRY_MS);
/** How long a renewal is valid, counted from before it was sent. */
export const heldMs = (leaseMs: number): number => leaseMs * (1 - MARGIN);
