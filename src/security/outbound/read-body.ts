import type { IncomingMessage } from 'node:http';
import { OutboundError } from './outbound.error.js';

/**
 * The bytes of an answer, up to `maxBytes`. With `truncate` it never fails: what is longer is cut, and what breaks off, or is
 * made to, is given as far as it came.
 */
export async function readBody(response: IncomingMessage, maxBytes: number, truncate: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = maxBytes;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(left < chunk.length ? chunk.subarray(0, left) : chunk);
      left -= chunk.length;
      if (left < 0) throw new OutboundError('response', `The answer is longer than ${maxBytes} bytes.`);
    }
  } catch (error) {
    if (!truncate) throw error;
  }
  return Buffer.concat(chunks);
}
