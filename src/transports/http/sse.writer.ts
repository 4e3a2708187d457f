import type { ServerResponse } from 'node:http';
import { isOver } from './http-reply.js';
import { nextTurn } from './next-turn.js';
import { KEEP_ALIVE } from './sse.framer.js';

const SSE_HEADERS = {
  'content-type': 'text/event-stream',
  // Compression and caches would hold events back.
  'cache-control': 'no-cache, no-store, no-transform',
  'x-accel-buffering': 'no',
};

export interface SseOptions {
  /** Silence in ms after which a comment is sent. */
  readonly keepAliveMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Writes one event stream: each event by itself, and only when the one before it has left, so that a client may take each
 * chunk for an event. The next batch is asked for only when the socket has taken the last one: a client that does not read
 * holds one batch and its cursor, nothing else.
 */
export class SseWriter {
  readonly #idle: NodeJS.Timeout;
  /** The socket is full: nothing is written until it says otherwise. */
  #full = false;
  /** The turn of the event loop after the last write, at which that has left. */
  #sent?: Promise<void>;
  #wake?: () => void;

  constructor(
    private readonly response: ServerResponse,
    private readonly options: SseOptions,
  ) {
    this.#idle = setTimeout(() => this.#comment(), options.keepAliveMs);
  }

  /**
   * Ends with the stream or with the connection, and always closes the stream. Never throws: what the stream throws is
   * sent as the event that `failure` makes of it, the last one.
   */
  async pump<T>(
    stream: AsyncIterable<T>,
    frames: (batch: T) => Buffer[][],
    failure: (error: unknown) => Buffer[],
  ): Promise<void> {
    const { response } = this;
    const wake = (): void => this.#wake?.();
    const drained = (): void => {
      this.#full = false;
      wake();
    };
    // A connection that breaks while it is written to is an ordinary end.
    response.on('error', wake).on('close', wake).on('drain', drained);
    try {
      if (!isOver(response)) response.writeHead(200, { ...SSE_HEADERS, ...this.options.headers });
      for await (const events of framed(stream, frames)) {
        if (!(await this.#writeAll(events))) break;
      }
    } catch (error) {
      await this.#write(failure(error));
    } finally {
      clearTimeout(this.#idle);
      response.off('close', wake).off('drain', drained);
      if (!this.#gone) response.end();
    }
  }

  /** Somebody else has ended the answer, or the client has left. */
  get #gone(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  /** False when there is nobody to write to any more. */
  async #writeAll(events: readonly (readonly Buffer[])[]): Promise<boolean> {
    for (const event of events) if (!(await this.#write(event))) return false;
    return true;
  }

  async #write(event: readonly Buffer[]): Promise<boolean> {
    // What is written in one turn leaves in one piece, and other streams would have to wait for long batches.
    await this.#sent;
    if (this.#gone) return false;
    for (const buffer of event) this.#full = !this.response.write(buffer);
    this.#sent = nextTurn();
    this.#idle.refresh();
    while (this.#full && !this.#gone) await new Promise<void>((resolve) => (this.#wake = resolve));
    return !this.#gone;
  }

  #comment(): void {
    if (this.#gone) return;
    // A socket that is still full will show a dead client by itself.
    if (!this.#full && this.response.headersSent) this.#full = !this.response.write(KEEP_ALIVE);
    this.#idle.refresh();
  }
}

/** Turns batches into buffers one by one. A loop over the batches themselves would hold each until the socket took it. */
export function framed<T, F>(stream: AsyncIterable<T>, frames: (batch: T) => F): AsyncIterable<F> {
  const batches = stream[Symbol.asyncIterator]();
  const close = async (): Promise<IteratorReturnResult<void>> => {
    await batches.return?.();
    return { done: true, value: undefined };
  };
  const made = (result: IteratorResult<T>): IteratorResult<F, void> | Promise<never> => {
    if (result.done) return { done: true, value: undefined };
    try {
      return { done: false, value: frames(result.value) };
    } catch (error) {
      return close().then(() => Promise.reject(error));
    }
  };
  // Not an async function: what waits for an event should be small.
  const next = (): Promise<IteratorResult<F, void>> => batches.next().then(made);
  return { [Symbol.asyncIterator]: () => ({ next, return: close }) };
}
