import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ClientCall } from './client-call.js';
import { isOver, sendJson } from './http-reply.js';
import { PIECE_BYTES, piecesOf } from './pieces.js';

/**
 * Writes a whole JSON answer of any size. A large one is counted, and goes out in pieces as the client takes them.
 * @throws A2AError OVERLOADED: too much waits in memory already; nothing was sent.
 */
export function sendPacedJson(call: ClientCall, status: number, body: string, headers: OutgoingHttpHeaders = {}): void {
  const { response } = call;
  // A character has up to three bytes.
  if (body.length < PIECE_BYTES) {
    sendJson(response, status, body, headers);
    return call.written();
  }
  if (isOver(response)) return;
  const bytes = Buffer.from(body);
  call.untilEnd(call.hold(bytes.length));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers });
  call.watchTaking();
  writePieces(response, piecesOf(bytes));
}

/** Goes on by itself when the socket drains, and stops with the connection. */
function writePieces(response: ServerResponse, pieces: Iterator<Buffer>): void {
  for (;;) {
    if (response.destroyed) return;
    const next = pieces.next();
    if (next.done) return void response.end();
    if (response.write(next.value)) continue;
    return void response.once('drain', () => writePieces(response, pieces));
  }
}
