import type { HeldBytes } from '../../common/byte-budget.js';
import { A2AError } from '../../protocol/errors/index.js';
import type { ClientCall } from '../http/client-call.js';
import { isOver } from '../http/http-reply.js';
import { nextTurn } from '../http/next-turn.js';
import { PIECE_BYTES, piecesOf } from '../http/pieces.js';
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
  /** There is no room for the first event: nothing was sent yet, so that the answer can be an error. */
  readonly refuse: (error: A2AError) => void;
}

/**
 * Writes one event stream: each event by itself, and only when the socket has taken the one before it, so that a client may
 * take each chunk for an event. The next batch is asked for only then, too: a client that does not read holds one batch and
 * its cursor, nothing else. What waits is counted, and a client that takes nothing is cut off.
 */
export class SseWriter {
  readonly #idle: NodeJS.Timeout;
  /** Writes that the socket has not taken yet. */
  #pending = 0;
  /** The batch that is being written. */
  #events: readonly (readonly Buffer[])[] = [];
  /** Counted when a client was found not to take them. */
  #waiting?: readonly HeldBytes[];
  #wake?: () => void;

  constructor(
    private readonly call: ClientCall,
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
    const { response } = this.call;
    const wake = (): void => this.#wake?.();
    // A connection that breaks while it is written to is an ordinary end.
    response.on('error', wake).on('close', wake);
    const unwatch = this.call.watchTaking(this.#life);
    try {
      for await (const events of framed(stream, frames)) {
        if (!(await this.#writeAll(events))) break;
      }
      this.#begin();
    } catch (error) {
      if (!response.headersSent && isNoRoom(error)) this.options.refuse(error);
      else await this.#write(failure(error));
    } finally {
      clearTimeout(this.#idle);
      unwatch();
      this.#release();
      response.off('close', wake);
      if (!this.#gone) response.end();
    }
  }

  /** Somebody else has ended the answer, or the client has left. */
  get #gone(): boolean {
    const { response } = this.call;
    return response.destroyed || response.writableEnded;
  }

  #begin(): void {
    const { response } = this.call;
    if (!isOver(response)) response.writeHead(200, { ...SSE_HEADERS, ...this.options.headers });
  }

  /** Looked at now and then: bytes that are still here count, and are a sign of life when they are taken. */
  readonly #life = (taken: number): number => {
    if (this.#pending === 0) return NaN;
    this.#waiting ??= heldOf(this.call, this.#events.flat());
    return taken;
  };

  /** False when there is nobody to write to any more. */
  async #writeAll(events: readonly (readonly Buffer[])[]): Promise<boolean> {
    this.#events = events;
    // The client is to know that it is connected.
    if (events.length === 0) this.#begin();
    for (const [index, event] of events.entries()) {
      // What is written in one turn of the event loop arrives together, and other streams would have to wait.
      if (index > 0) await nextTurn();
      if (!(await this.#write(event))) return false;
    }
    return true;
  }

  async #write(event: readonly Buffer[]): Promise<boolean> {
    if (bytesOf(event) > PIECE_BYTES) return this.#writeLarge(event);
    if (this.#gone) return false;
    this.#begin();
    for (const buffer of event) this.#send(buffer);
    return this.#untilTaken();
  }

  /** @throws A2AError OVERLOADED */
  async #writeLarge(event: readonly Buffer[]): Promise<boolean> {
    const held: HeldBytes[] = [];
    try {
      // Many readers of one event hold one Buffer.
      for (const buffer of event) held.push(this.call.hold(buffer.length, buffer));
      if (!this.#gone) this.#begin();
      for (const buffer of event) {
        for (const piece of piecesOf(buffer)) {
          if (this.#gone) return false;
          this.#send(piece);
          await this.#untilTaken();
        }
      }
      return !this.#gone;
    } finally {
      for (const bytes of held) bytes.release();
    }
  }

  #send(buffer: Buffer): void {
    this.#pending++;
    this.call.response.write(buffer, this.#taken);
  }

  async #untilTaken(): Promise<boolean> {
    this.#idle.refresh();
    while (this.#pending > 0 && !this.#gone) await new Promise<void>((resolve) => (this.#wake = resolve));
    return !this.#gone;
  }

  readonly #taken = (): void => {
    if (--this.#pending > 0) return;
    this.#release();
    this.#wake?.();
  };

  #release(): void {
    for (const bytes of this.#waiting ?? []) bytes.release();
    this.#waiting = undefined;
  }

  #comment(): void {
    if (this.#gone) return;
    // A socket that is still full will show a dead client by itself.
    if (this.#pending === 0 && this.call.response.headersSent) this.#send(KEEP_ALIVE);
    this.#idle.refresh();
  }
}

const bytesOf = (event: readonly Buffer[]): number => event.reduce((sum, { length }) => sum + length, 0);

/** What is there already: small buffers are this stream's own, large ones are shared, and may be counted in their own right. */
function heldOf(call: ClientCall, buffers: readonly Buffer[]): HeldBytes[] {
  const large = buffers.filter(({ length }) => length >= PIECE_BYTES);
  const small = buffers.filter(({ length }) => length < PIECE_BYTES);
  return [call.holdWritten(bytesOf(small)), ...large.map((buffer) => call.holdWritten(buffer.length, buffer))];
}

const isNoRoom = (error: unknown): error is A2AError => error instanceof A2AError && error.reason === 'OVERLOADED';

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
