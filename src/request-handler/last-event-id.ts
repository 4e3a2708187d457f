/** The seq in a Last-Event-ID header; NaN when it is unusable, undefined when it is absent. */
export function parseLastEventId(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  return /^\d{1,15}$/.test(header.trim()) ? Number(header.trim()) : Number.NaN;
}
