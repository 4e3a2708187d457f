/** One event: its body is JSON text without line breaks, made once and shared by all streams. */
export interface SseFrame {
  /** Sent as the event's id; absent: the event has none, and a client's last id stays what it was. */
  readonly seq?: number;
  readonly body: Buffer;
}

/**
 * A body from this size on is handed to the socket as it is, behind a buffer for what comes before it; a smaller one is copied
 * into the one buffer of its event. Clients that take each chunk for an event read no more than 64 KiB at once.
 */
const SHARED_FROM = 64 * 1024;
const COMMENT = ': ';

export const KEEP_ALIVE = Buffer.from(`${COMMENT}keep-alive\n\n`);

/**
 * Puts bodies into `id: <seq>\ndata: <prefix><body><suffix>\n\n`, with a line `event: <event>` before the data if there is one.
 * Prefix, suffix and event hold no line break. It holds texts, not buffers: a small buffer that lives as long as a stream keeps
 * the whole block that Node has cut it from.
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

  /** One event in as few buffers as there can be without copying a large body. */
  frame({ seq, body }: SseFrame): Buffer[] {
    const id = seq === undefined ? '' : `id: ${seq}\n`;
    if (body.length >= SHARED_FROM) return [Buffer.from(id + this.#head), body, Buffer.from(this.#tail)];
    const frame = Buffer.allocUnsafe(id.length + this.#headBytes + body.length + this.#tailBytes);
    let at = frame.write(id + this.#head);
    at += body.copy(frame, at);
    frame.write(this.#tail, at);
    return [frame];
  }

  /** The same as a chunk of HTTP/1.1, in one buffer; undefined for an event whose body is not copied. */
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
