const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?([+-]\d\d:\d\d)?$/;

/**
 * A timestamp in UTC with `Z`, which both versions are to send. v0.3 peers leave the zone out (their samples do; UTC is
 * meant) or write an offset. Text that is no such timestamp is left as it is.
 */
export function utcTimestamp(text: string): string {
  if (text.endsWith('Z')) return text;
  const match = RFC3339.exec(text);
  if (!match) return text;
  const date = new Date(match[1] === undefined ? `${text}Z` : text);
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}
