/** One event. Its body is JSON text without line breaks, made once and shared by all streams. */
export interface SseFrame {
  /** Sent as the event's id. Absent: the event has none, and the client keeps its last id. */
  readonly seq?: number;
  readonly body: Buffer;
}

/**
 * A body of at least this size is written to the socket uncopied, after a buffer with what precedes it. A smaller one is copied into the
 * single buffer of its event. Clients that take each chunk for an event read at most 64 KiB at once.
 */
const SHARED_FROM = 64 * 1024;
const COMMENT = ': ';

export const KEEP_ALIVE = Buffer.from(`${COMMENT}keep-alive\n\n`);

/**
 * Frames bodies as `id: <seq>\ndata: <prefix><body><suffix>\n\n`, with a line `event: <event>` before the data if there is an event name.
 * Prefix, suffix and event contain no line break. It holds strings, not buffers: a small buffer that lives as long as a stream keeps alive
 * the whole block that Node cut it from.
 */
export class SseFramer {
  readonly #head: string;
  readonly #headBytes: number;
  readonly #tail: string;
  readonly #tailBytes: number;

  constructor(prefix = '', suffix = '', event?: string) {
    this.#head = `${event === undefined ? '' : `event: ${event}\n`}data: ${prefix}`;
    this.#headBytes = Buffer.byteLength(this.#head);
    this.#tail = `${suffix}\n\n`;
    this.#tailBytes = Buffer.byteLength(this.#tail);
  }

  /** One event in as few buffers as possible without copying a large body. */
  frame({ seq, body }: SseFrame): Buffer[] {
    const id = seq === undefined ? '' : `id: ${seq}\n`;
    if (body.length >= SHARED_FROM) return [Buffer.from(id + this.#head), body, Buffer.from(this.#tail)];
    const frame = Buffer.allocUnsafe(id.length + this.#headBytes + body.length + this.#tailBytes);
    let at = frame.write(id + this.#head);
    at += body.copy(frame, at);
    frame.write(this.#tail, at);
    return [frame];
  }

  /** The event as an HTTP/1.1 chunk, in one buffer; undefined for an event whose body is not copied. */
  chunk({ seq, body }: SseFrame): Buffer | undefined {
    if (body.length >= SHARED_FROM) return undefined;
    const id = seq === undefined ? '' : `id: ${seq}\n`;
    const length = id.length + this.#headBytes + body.length + this.#tailBytes;
    const opening = `${length.toString(16)}\r\n`;
    const chunk = Buffer.allocUnsafe(opening.length + length + 2);
    let at = chunk.write(opening + id + this.#head);
    at += body.copy(chunk, at);
    chunk.write(`${this.#tail}\r\n`, at);
    return chunk;
  }
}
