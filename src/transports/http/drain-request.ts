import type { IncomingMessage } from 'node:http';

const LINGER_MS = 10_000;

/**
 * For a response that was sent before the upload was complete: continues to read for a while, so that the client, which is still
 * sending, sees the response instead of a broken connection. After `limit` more bytes or 10 s the connection is closed.
 */
export function drainRequest(request: IncomingMessage, limit: number): void {
  if (request.complete || request.destroyed) return;
  let left = limit;
  const cut = (): void => {
    request.socket.destroy();
  };
  const timer = setTimeout(cut, LINGER_MS);
  timer.unref();
  request
    .on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) cut();
    })
    .on('error', () => undefined)
    .once('close', () => clearTimeout(timer))
    .once('end', () => clearTimeout(timer))
    .resume();
}
