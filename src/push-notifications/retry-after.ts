/** The header Retry-After as ms from now: seconds or a date. undefined: absent or unreadable. RFC 9110, 10.2.3. */
export function retryAfterMs(header: string | string[] | undefined, now = Date.now()): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  if (/^\d{1,15}$/.test(text)) return Number(text) * 1000;
  // Date.parse alone takes nearly anything.
  const at = /^[A-Z][a-z]{2},? .* GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
