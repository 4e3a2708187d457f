import { statusNow } from './status-clock.js';

/** The form that this server's own clock gives; most times already have it. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * A status time in the form that records use, UTC with milliseconds, so that times compare as strings. Absent: now. undefined:
 * invalid.
 */
export function statusTime(statusAt: string | undefined): string | undefined {
  if (statusAt === undefined) return statusNow();
  const time = Date.parse(statusAt);
  if (Number.isNaN(time)) return undefined;
  return CANONICAL.test(statusAt) ? statusAt : new Date(time).toISOString();
}
