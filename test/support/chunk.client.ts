import { connect } from 'node:net';

/**
 * A client that knows nothing of server-sent events. It gives the body in the chunks that it was sent in (RFC 9112, 7.1), which
 * is how HTTP libraries hand a body out that is read as it comes.
 */
export async function chunksOf(url: string, body: unknown, headers: Record<string, string> = {}): Promise<string[]> {
  const { hostname, port, pathname } = new URL(url);
  const text = JSON.stringify(body);
  const fields = {
    ...{ host: `${hostname}:${port}`, connection: 'close', 'content-type': 'application/json' },
    ...{ 'content-length': String(Buffer.byteLength(text)), ...headers },
  };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(Number(port), hostname);
  socket.write(`POST ${pathname} HTTP/1.1\r\n${head.join('')}\r\n${text}`);
  const answer = Buffer.concat(await socket.toArray());
  return dechunked(answer.subarray(answer.indexOf('\r\n\r\n') + 4));
}

function dechunked(body: Buffer): string[] {
  const chunks: string[] = [];
  for (let at = 0; ;) {
    const start = body.indexOf('\r\n', at) + 2;
    const length = Number.parseInt(String(body.subarray(at, start)), 16);
    if (!Number.isInteger(length)) throw new Error(`No chunk begins at byte ${at} of ${body.length}.`);
    if (length === 0) return chunks;
    chunks.push(String(body.subarray(start, start + length)));
    at = start + length + 2;
  }
}
