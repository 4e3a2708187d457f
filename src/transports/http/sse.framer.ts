/** One event: its body is JSON text without line breaks, made once and shared by all streams. */
export interface SseFrame {
  /** Sent as the event's id; absent: the event has none, and a client's last id stays what it was. */
  readonly seq?: number;
  readonly body: Buffer;
}

/** A body from this size on is handed to the socket as it is; smaller ones are copied together into one buffer. */
const SHARED_FROM = 32 * 1024;
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

  /** The frames of a batch in as few buffers as there can be without copying large bodies. */
  frame(batch: readonly SseFrame[]): Buffer[] {
    const buffers: Buffer[] = [];
    let small: SseFrame[] = [];
    for (const item of batch) {
      if (item.body.length < SHARED_FROM) {
        small.push(item);
        continue;
      }
      if (small.length > 0) buffers.push(this.#join(small));
      small = [];
      buffers.push(Buffer.from(idLine(item.seq) + this.#head), item.body, Buffer.from(this.#tail));
    }
    if (small.length > 0) buffers.push(this.#join(small));
    return buffers;
  }

  #join(frames: readonly SseFrame[]): Buffer {
    const ids = frames.map(({ seq }) => idLine(seq));
    let length = frames.length * (this.#headBytes + this.#tailBytes);
    frames.forEach(({ body }, index) => (length += (ids[index] as string).length + body.length));
    const joined = Buffer.allocUnsafe(length);
    let at = 0;
    frames.forEach(({ body }, index) => {
      at += joined.write((ids[index] as string) + this.#head, at);
      at += body.copy(joined, at);
      at += joined.write(this.#tail, at);
    });
    return joined;
  }
}

const idLine = (seq: number | undefined): string => (seq === undefined ? '' : `id: ${seq}\n`);
