import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The way of a body to its client. Bytes that are a chunk of HTTP/1.1 already can go to the socket as they are: one small write
 * instead of the four that Node makes of each, and no look at a response of Express, whose shape the engine knows no other of.
 */
export class BodyChannel {
  #gone: boolean;
  #socket?: Socket | null;

  constructor(
    private readonly response: ServerResponse,
    private readonly onGone: () => void,
  ) {
    this.#gone = response.destroyed || response.writableEnded;
    // A connection that breaks while it is written to is an ordinary end.
    response.on('close', this.#end).on('prefinish', this.#end).on('error', this.#end);
  }

  /** Nobody takes anything any more: the client has left, or somebody has ended the answer. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Whether `writeChunk` may be used. Ask when all that was written was taken. */
  get takesChunks(): boolean {
    if (this.#socket === undefined && this.response.headersSent) this.#socket = socketFor(this.response) ?? null;
    return this.#socket !== undefined && this.#socket !== null;
  }

  /** `taken` is called when the system has the bytes, or will not have them any more; never before this returns. */
  write(bytes: Buffer, taken: () => void): void {
    this.response.write(bytes, taken);
  }

  /** Bytes with the frame of a chunk around them: their length before them, a line's end behind them. */
  writeChunk(chunk: Buffer, taken: () => void): void {
    this.#socket?.write(chunk, taken);
  }

  /** Ends the answer, unless it has ended. */
  end(): void {
    if (!this.#gone) this.response.end();
  }

  readonly #end = (): void => {
    if (this.#gone || !(this.response.destroyed || this.response.writableEnded)) return;
    this.#gone = true;
    this.onGone();
  };
}

/** Undefined where what is written is not what the socket gets: no chunks, an older or newer HTTP, a middleware that looks at the body. */
function socketFor(response: ServerResponse): Socket | undefined {
  const { socket } = response;
  const own = response.write === ServerResponse.prototype.write && response.end === ServerResponse.prototype.end;
  return own && response.chunkedEncoding && response.writableCorked === 0 ? (socket ?? undefined) : undefined;
}
