import type { IncomingMessage } from 'node:http';
import { OutboundError } from './outbound.error.js';

/** The bytes of an answer, up to `maxBytes`; what is longer is an error, or cut there. The rest is not read. */
export async function readBody(response: IncomingMessage, maxBytes: number, truncate: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = maxBytes;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(left < chunk.length ? chunk.subarray(0, left) : chunk);
    left -= chunk.length;
    if (left >= 0) continue;
    if (truncate) break;
    throw new OutboundError('response', `The answer is longer than ${maxBytes} bytes.`);
  }
  return Buffer.concat(chunks);
}
