/** One event: its body is JSON text without line breaks, made once and shared by all streams. */
export interface SseFrame {
  /** Sent as the event's id; absent: the event has none, and a client's last id stays what it was. */
  readonly seq?: number;
  readonly body: Buffer;
}

/** A body from this size on is handed to the socket as it is; smaller ones are copied together into one buffer. */
const SHARED_FROM = 32 * 1024;
const DATA = Buffer.from('data: ');
const COMMENT = ': ';

export const KEEP_ALIVE = Buffer.from(`${COMMENT}keep-alive\n\n`);

/**
 * Puts bodies into `id: <seq>\ndata: <prefix><body><suffix>\n\n`, with a line `event: <event>` before the data if there is one.
 * Prefix, suffix and event hold no line break.
 */
export class SseFramer {
  readonly #head: Buffer;
  readonly #tail: Buffer;

  constructor(prefix = '', suffix = '', event?: string) {
    this.#head = Buffer.concat([
      Buffer.from(event === undefined ? '' : `event: ${event}\n`),
      DATA,
      Buffer.from(prefix),
    ]);
    this.#tail = Buffer.from(`${suffix}\n\n`);
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
      buffers.push(Buffer.concat([idLine(item.seq), this.#head]), item.body, this.#tail);
    }
    if (small.length > 0) buffers.push(this.#join(small));
    return buffers;
  }

  #join(frames: readonly SseFrame[]): Buffer {
    const parts: Buffer[] = [];
    for (const { seq, body } of frames) parts.push(idLine(seq), this.#head, body, this.#tail);
    return Buffer.concat(parts);
  }
}

const NO_ID = Buffer.alloc(0);
const idLine = (seq: number | undefined): Buffer => (seq === undefined ? NO_ID : Buffer.from(`id: ${seq}\n`, 'latin1'));
