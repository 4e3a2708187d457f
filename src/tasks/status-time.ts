/** A status time in the form of heads, UTC with milliseconds, so that times compare as texts. Absent: now. undefined: no time. */
export function statusTime(statusAt: string | undefined): string | undefined {
  const time = statusAt === undefined ? new Date() : new Date(statusAt);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
