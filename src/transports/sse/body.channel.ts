import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Writes a body to its client. Bytes that are already an HTTP/1.1 chunk can go straight to the socket: one small write instead of the four
 * that Node makes of each. It also avoids reading the properties of an Express response, which are slow because the engine sees no other
 * object of that shape.
 */
export class BodyChannel {
  #gone: boolean;
  #socket?: Socket | null;

  constructor(
    private readonly response: ServerResponse,
    private readonly onGone: () => void,
  ) {
    this.#gone = response.destroyed || response.writableEnded;
    // A connection that breaks during a write is an ordinary end.
    response.on('close', this.#end).on('prefinish', this.#end).on('error', this.#end);
  }

  /** Nothing is accepted any more: the client has left, or the answer was ended. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Whether `writeChunk` may be used. Check it when all earlier writes were taken. */
  get takesChunks(): boolean {
    if (this.#socket === undefined && this.response.headersSent) this.#socket = socketFor(this.response) ?? null;
    return this.#socket !== undefined && this.#socket !== null;
  }

  /** `taken` is called when the system has the bytes or will never accept them; never before this returns. */
  write(bytes: Buffer, taken: () => void): void {
    this.response.write(bytes, taken);
  }

  /** Bytes that already have their chunk frame: the length before them, a line break after them. */
  writeChunk(chunk: Buffer, taken: () => void): void {
    this.#socket?.write(chunk, taken);
  }

  /** Ends the answer. Idempotent. */
  end(): void {
    if (!this.#gone) this.response.end();
  }

  readonly #end = (): void => {
    if (this.#gone || !(this.response.destroyed || this.response.writableEnded)) return;
    this.#gone = true;
    this.onGone();
  };
}

/**
 * Undefined where the socket does not get the bytes as written: no chunked encoding, another HTTP version, or a middleware that reads the
 * body.
 */
function socketFor(response: ServerResponse): Socket | undefined {
  const { socket } = response;
  const own = response.write === ServerResponse.prototype.write && response.end === ServerResponse.prototype.end;
  return own && response.chunkedEncoding && response.writableCorked === 0 ? (socket ?? undefined) : undefined;
}
