import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { HeldBytes } from '../../common/byte-budget.js';
import type { ClientLimits } from '../../common/client-limits.js';
import { overBudgetError } from '../over-budget.js';

/** Why a request body could not be read, with the HTTP status; after `GONE` there is no one to respond to. */
export class BodyError extends Error {
  override readonly name = 'BodyError';

  constructor(
    readonly kind: 'TOO_LARGE' | 'ENCODED' | 'CONSUMED' | 'GONE' | 'SLOW',
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The sender of a body, and the limits while it arrives. */
export interface Uploader {
  readonly caller: string;
  readonly limits: ClientLimits;
}

const tooLarge = (limit: number): BodyError =>
  new BodyError('TOO_LARGE', 413, `The request body is larger than ${limit} bytes. Send less, or files by url.`);

const consumed = (): BodyError =>
  new BodyError(
    'CONSUMED',
    500,
    "The request body was read before A2A could read it, by a middleware or hook of the application. Register it on paths of its own: app.use('/mine', parser).",
  );

const tooSlow = (why: 'idle' | 'limit', { requestIdleMs, requestTimeoutMs }: ClientLimits['options']): BodyError =>
  new BodyError(
    'SLOW',
    408,
    why === 'idle'
      ? `No bytes of the request body arrived for ${requestIdleMs} ms. Send the request again.`
      : `The request body did not arrive within ${requestTimeoutMs} ms. Send less, or files by url.`,
  );

/**
 * Reads the body of a request that no parser has touched.
 *
 * @throws BodyError: TOO_LARGE (at once when Content-Length says so), ENCODED (compressed), CONSUMED (a body parser was
 * faster), GONE (the upload was broken off), SLOW (it did not arrive in time); A2AError OVERLOADED.
 */
export function readRawBody(request: IncomingMessage, limit: number, uploader?: Uploader): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity' && encoding.trim() !== '') {
    throw new BodyError('ENCODED', 415, 'Content-Encoding is not supported. Send the body uncompressed.');
  }
  if (Number(request.headers['content-length']) > limit) throw tooLarge(limit);
  if (request.readableDidRead) {
    // Some platforms for functions read the body first, and keep it.
    const { rawBody } = request as { rawBody?: unknown };
    if (!Buffer.isBuffer(rawBody)) throw consumed();
    if (rawBody.length > limit) throw tooLarge(limit);
    return Promise.resolve(rawBody);
  }
  return collectBody(request, limit, uploader);
}

/**
 * Reads a whole stream.
 * @throws BodyError TOO_LARGE, GONE, SLOW; A2AError OVERLOADED
 */
export function collectBody(request: Readable, limit: number, uploader?: Uploader): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let held: HeldBytes | undefined;
    let unwatch: (() => void) | undefined;
    const settle = (): void => {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      unwatch?.();
      held?.release();
    };
    const refuse = (error: Error): void => {
      settle();
      chunks.length = 0;
      request.pause();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limit) return refuse(tooLarge(limit));
      chunks.push(chunk);
      if (!uploader) return;
      const { caller, limits } = uploader;
      const counted = held ? held.grow(chunk.length) : limits.budget.acquire(caller, chunk.length);
      if (counted?.ok) held = counted;
      else if (counted) refuse(overBudgetError(counted));
    };
    const onEnd = (): void => {
      settle();
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
    };
    const onGone = (): void => {
      settle();
      // Without a listener a late error would end the process.
      request.on('error', () => undefined);
      reject(new BodyError('GONE', 400, 'The client aborted the upload.'));
    };
    if (request.destroyed) return onGone();
    if (uploader) {
      const { silence, options } = uploader.limits;
      unwatch = silence.watch({
        progress: () => length,
        idleMs: options.requestIdleMs,
        limitMs: options.requestTimeoutMs,
        expired: (why) => refuse(tooSlow(why, options)),
      });
    }
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}
