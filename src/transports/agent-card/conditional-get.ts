import type { IncomingHttpHeaders } from 'node:http';

/** Whether the client has it already. If-None-Match rules; If-Modified-Since counts only without it. RFC 9110, 13.2.2. */
export function isNotModified(headers: IncomingHttpHeaders, etag: string, modified: Date): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    return tags.trim() === '*' || tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(modified.getTime() / 1000) * 1000 <= since;
}
