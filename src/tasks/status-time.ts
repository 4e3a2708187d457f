import { statusNow } from './status-clock.js';

/** What this server's own clock gives: most times are of this form already. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A status time in the form of heads, UTC with milliseconds, so that times compare as texts. Absent: now. undefined: no time. */
export function statusTime(statusAt: string | undefined): string | undefined {
  if (statusAt === undefined) return statusNow();
  const time = Date.parse(statusAt);
  if (Number.isNaN(time)) return undefined;
  return CANONICAL.test(statusAt) ? statusAt : new Date(time).toISOString();
}
