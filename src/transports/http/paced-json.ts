import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ClientCall } from './client-call.js';
import { type AnswerBody, isOver, sendJson } from './http-reply.js';

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
  if (lengthOf(body) < PIECE_BYTES) {
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

const lengthOf = (body: AnswerBody): number =>
  typeof body === 'string' ? body.length : body.reduce((sum, { length }) => sum + length, 0);

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

/** Bytes that are written to a socket at a time. */
export const PIECE_BYTES = 64 * 1024;

/** Slices of one buffer, none larger than a piece; nothing is copied. */
export function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
