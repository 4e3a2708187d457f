/** How many attempts of a delivery are kept: the last ones. */
export const KEPT_ATTEMPTS = 10;

/** What an attempt to deliver met with. It holds nothing of the request, no header and no secret. */
export interface DeliveryAttempt {
  /** When it ended. RFC 3339 UTC. */
  readonly at: string;
  /** HTTP status of the response. Absent: there was none. */
  readonly status?: number;
  /** Why there was no response: 'timeout', 'connect', 'resolve', 'circuit-open', … */
  readonly error?: string;
  /** How long it took. */
  readonly ms: number;
  /** The beginning of the body of a response that refused it: at most 200 printable characters. */
  readonly excerpt?: string;
}

/** The log with one attempt more. */
export const withAttempt = (
  log: readonly DeliveryAttempt[],
  attempt: DeliveryAttempt | undefined,
): readonly DeliveryAttempt[] => (attempt ? [...log, attempt].slice(-KEPT_ATTEMPTS) : log);

/** A log as it is stored: JSON text. */
export const attemptsOf = (stored: string | null | undefined): readonly DeliveryAttempt[] =>
  stored ? (JSON.parse(stored) as DeliveryAttempt[]) : [];
