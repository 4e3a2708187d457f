import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** Why a request body could not be had, with the status to answer; `GONE` has nobody left to answer to. */
export class BodyError extends Error {
  override readonly name = 'BodyError';

  constructor(
    readonly kind: 'TOO_LARGE' | 'ENCODED' | 'CONSUMED' | 'GONE',
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const tooLarge = (limit: number): BodyError =>
  new BodyError('TOO_LARGE', 413, `The request body is larger than ${limit} bytes. Send less, or files by url.`);

/**
 * Reads the body of a request that no parser has touched.
 *
 * @throws BodyError: TOO_LARGE (at once when Content-Length says so), ENCODED (compressed), CONSUMED (a body parser was
 * faster), GONE (the upload was broken off).
 */
export async function readRawBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity' && encoding.trim() !== '') {
    throw new BodyError('ENCODED', 415, 'Content-Encoding is not supported. Send the body uncompressed.');
  }
  if (Number(request.headers['content-length']) > limit) throw tooLarge(limit);
  if (request.readableDidRead) {
    throw new BodyError(
      'CONSUMED',
      500,
      'The request body was read before it came here. Create the application with { bodyParser: false }, call configureA2a(app) and register no body parser on the paths of A2A.',
    );
  }
  return collectBody(request, limit);
}

/** All of a stream of bytes. @throws BodyError TOO_LARGE, GONE */
export function collectBody(request: Readable, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (): void => {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
        return;
      }
      settle();
      request.pause();
      reject(tooLarge(limit));
    };
    const onEnd = (): void => {
      settle();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
    };
    const onGone = (): void => {
      settle();
      // Without a listener a late error would end the process.
      request.on('error', () => undefined);
      reject(new BodyError('GONE', 400, 'The client broke the upload off.'));
    };
    if (request.destroyed) return onGone();
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}
