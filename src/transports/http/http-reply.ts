import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Nothing can be sent any more: it was sent already, or the client has left. */
export const isOver = (response: ServerResponse): boolean =>
  response.writableEnded || response.destroyed || response.headersSent;

/** For answers that are one caller's alone. */
export const PRIVATE: Readonly<Record<string, string>> = { 'cache-control': 'private, no-store' };

/** Writes a whole JSON answer in one go. Headers that were set on the response before are sent as well. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: OutgoingHttpHeaders = {},
): void {
  if (isOver(response)) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** `Vary` with one more field: what CORS and others said before stays. */
export function varyWith(response: ServerResponse, field: string): string {
  const before = response.getHeader('vary');
  const fields = (Array.isArray(before) ? before.join(',') : String(before ?? ''))
    .split(',')
    .map((name) => name.trim());
  const kept = fields.filter((name) => name !== '' && name.toLowerCase() !== field.toLowerCase());
  return kept.includes('*') ? '*' : [...kept, field].join(', ');
}
