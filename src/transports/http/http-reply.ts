import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ClientCall } from './client-call.js';

/** Nothing can be sent any more: the response is complete, or the client has disconnected. */
export const isOver = (response: ServerResponse): boolean =>
  response.writableEnded || response.destroyed || response.headersSent;

/** For responses that belong to one caller. */
export const PRIVATE: Readonly<Record<string, string>> = { 'cache-control': 'private, no-store' };

/** A whole response: a string, or parts of which some may be shared with other responses and are never copied. */
export type AnswerBody = string | readonly Buffer[];

/** Bytes that are written to a socket at a time. */
export const PIECE_BYTES = 64 * 1024;

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
  const length = typeof body === 'string' ? Buffer.byteLength(body) : lengthOf(body);
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

/**
 * Writes a whole JSON response of any size. A large one is counted, and is sent in pieces as the client reads them.
 * @throws A2AError OVERLOADED: too many bytes wait in memory already; nothing was sent.
 */
export function sendPacedJson(
  call: ClientCall,
  status: number,
  body: AnswerBody,
  headers: OutgoingHttpHeaders = {},
): void {
  const { response } = call;
  // A character has up to three bytes.
  if ((typeof body === 'string' ? body.length : lengthOf(body)) < PIECE_BYTES) {
    sendJson(response, status, body, headers);
    return call.written();
  }
  if (isOver(response)) return;
  const parts = typeof body === 'string' ? [Buffer.from(body)] : body;
  // Many responses may have the same part, which is in memory once.
  for (const part of parts) call.untilEnd(call.hold(part.length, part));
  const length = lengthOf(parts);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers });
  call.watchTaking();
  writePieces(response, piecesOfAll(parts));
}

const lengthOf = (parts: readonly Buffer[]): number => parts.reduce((sum, { length }) => sum + length, 0);

function* piecesOfAll(parts: readonly Buffer[]): Generator<Buffer> {
  for (const part of parts) yield* piecesOf(part);
}

/** Continues when the socket drains, and stops with the connection. */
function writePieces(response: ServerResponse, pieces: Iterator<Buffer>): void {
  for (;;) {
    if (response.destroyed) return;
    const next = pieces.next();
    if (next.done) return void response.end();
    if (response.write(next.value)) continue;
    return void response.once('drain', () => writePieces(response, pieces));
  }
}

/** Slices of one buffer, none larger than a piece; nothing is copied. */
export function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
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
