import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Nothing can be sent any more: the response is complete, or the client has disconnected. */
export const isOver = (response: ServerResponse): boolean =>
  response.writableEnded || response.destroyed || response.headersSent;

/** For responses that belong to one caller. */
export const PRIVATE: Readonly<Record<string, string>> = { 'cache-control': 'private, no-store' };

/** A whole response: a string, or parts of which some may be shared with other responses and are never copied. */
export type AnswerBody = string | readonly Buffer[];

/** Smaller parts are joined into one write. */
const SMALL_BYTES = 16 * 1024;

/** Writes a whole JSON response at once. Headers that were set before are sent as well. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: AnswerBody,
  headers: OutgoingHttpHeaders = {},
): void {
  if (isOver(response)) return;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.reduce((sum, part) => sum + part.length, 0);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': length,
    ...headers,
  });
  if (typeof body === 'string') return void response.end(body);
  if (length <= SMALL_BYTES) return void response.end(Buffer.concat(body));
  for (const part of body) response.write(part);
  response.end();
}

/** `Vary` with one more field; existing ones, such as from CORS, stay. */
export function varyWith(response: ServerResponse, field: string): string {
  const before = response.getHeader('vary');
  const fields = (Array.isArray(before) ? before.join(',') : String(before ?? ''))
    .split(',')
    .map((name) => name.trim());
  const kept = fields.filter((name) => name !== '' && name.toLowerCase() !== field.toLowerCase());
  return kept.includes('*') ? '*' : [...kept, field].join(', ');
}
