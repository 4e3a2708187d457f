import { type MessageEvent, RequestMethod } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Observable, type Subscriber } from 'rxjs';
import type { HeldBytes } from '../../common/byte-budget.js';
import type { DirectSource } from '../../events/direct-source.interface.js';
import type { ClientCall } from '../http/client-call.js';
import { PIECE_BYTES } from '../http/http-reply.js';
import { KEEP_ALIVE } from '../sse/sse.framer.js';

/**
 * Options of `@Sse()` for what `pacedEvents` returns, which waits for slow clients by itself, so Nest need not drop them. The method is named
 * for Nest 11.
 */
export const PACED = { method: RequestMethod.GET, maxPendingDataLength: Infinity };

/** An event as `EventSource` gets it. Nest numbers those without an id. */
export interface PacedEvent {
  readonly id?: string;
  readonly type?: string;
  readonly body: Buffer;
}

/** Batches of items, pulled one after another. */
export type PacedSource<Item> = AsyncGenerator<Item[], void, void> & Partial<Pick<DirectSource<Item[]>, 'take'>>;

export interface PacedEventsOptions<Item> {
  /** Called when the item is sent; for a large first item once before. */
  readonly encode: (item: Item) => PacedEvent;
  /** Silence in ms after which a comment is sent. */
  readonly keepAliveMs: number;
  /** The last event of a failed stream, as it is sent. It has no id, so that the client keeps its position. */
  readonly failure: (error: unknown) => readonly Buffer[];
}

/**
 * The events of a stream for Nest's `@Sse()`. Nest queues in memory what an Observable emits while its client does not read. This one emits
 * an event only when the response has taken the one before, so that a slow client holds one batch and the rest stays in the log. To be
 * subscribed to once. A client that accepts nothing is disconnected; the stream ends at its greatest age, and its client resumes.
 *
 * @throws A2AError OVERLOADED: there is no capacity for the first event.
 */
export function pacedEvents<Item>(
  call: ClientCall,
  stream: PacedSource<Item>,
  options: PacedEventsOptions<Item>,
): Observable<MessageEvent> {
  const feed = new PacedEvents(call, stream, options);
  feed.prepare();
  // Nobody may subscribe: an interceptor has answered.
  call.response.once('close', () => void stream.return());
  return new Observable((subscriber) => {
    void call.during(stream, feed.run(subscriber));
    return () => void stream.return();
  });
}

class PacedEvents<Item> {
  #first?: readonly Item[];
  /** The bytes of a large event, until the response has taken it. */
  #large?: HeldBytes;
  /** Bytes that a client was found not to accept. */
  #waiting?: HeldBytes;

  constructor(
    private readonly call: ClientCall,
    private readonly stream: PacedSource<Item>,
    private readonly options: PacedEventsOptions<Item>,
  ) {}

  prepare(): void {
    this.#first = this.stream.take?.();
    const [item] = this.#first ?? [];
    try {
      if (item !== undefined) this.#hold(this.options.encode(item).body);
    } catch (error) {
      void this.stream.return();
      throw error;
    }
  }

  /** Never rejects. */
  async run(subscriber: Subscriber<MessageEvent>): Promise<void> {
    const unwatch = this.call.watchTaking(this.#life);
    const idle = setTimeout(() => {
      this.#comment();
      idle.refresh();
    }, this.options.keepAliveMs);
    const emit = async (item: Item): Promise<void> => {
      await this.#emit(item, subscriber);
      idle.refresh();
    };
    try {
      for (const item of this.#first ?? []) await emit(item);
      this.#first = undefined;
      for await (const batch of this.stream) for (const item of batch) await emit(item);
    } catch (error) {
      await this.#fail(error);
    } finally {
      clearTimeout(idle);
      unwatch();
      this.#release();
      await this.stream.return();
      subscriber.complete();
    }
  }

  async #emit(item: Item, subscriber: Subscriber<MessageEvent>): Promise<void> {
    await this.#taken();
    if (this.#gone) return;
    const { id, type, body } = this.options.encode(item);
    this.#hold(body);
    subscriber.next({ ...(id !== undefined && { id }), ...(type !== undefined && { type }), data: body.toString() });
    // Nest writes it in this turn of the event loop.
    await nextTurn();
    if (this.#large) await this.#taken();
  }

  /** The headers are Nest's, which sends them soon. */
  async #fail(error: unknown): Promise<void> {
    while (!this.#response.headersSent && !this.#gone) await nextTurn();
    await this.#taken();
    if (!this.#gone) for (const bytes of this.options.failure(error)) this.#response.write(bytes);
  }

  #comment(): void {
    const { headersSent, writableNeedDrain } = this.#response;
    if (headersSent && !writableNeedDrain && !this.#gone) this.#response.write(KEEP_ALIVE);
  }

  /** Resolves when the socket has accepted what was written, or never will. */
  async #taken(): Promise<void> {
    const response = this.#response;
    if (response.writableNeedDrain && !this.#gone) {
      await new Promise<void>((resolve) => {
        const over = (): void => {
          response.off('drain', over).off('close', over);
          resolve();
        };
        response.on('drain', over).on('close', over);
      });
    }
    this.#release();
  }

  /** Called now and then: waiting bytes are counted, and accepted ones are a sign of life. */
  readonly #life = (taken: number): number => {
    const waiting = this.#response.writableLength;
    if (waiting === 0) return NaN;
    if (!this.#large) this.#waiting ??= this.call.holdWritten(waiting);
    return taken;
  };

  /** @throws A2AError OVERLOADED */
  #hold({ length }: Buffer): void {
    if (length >= PIECE_BYTES) this.#large ??= this.call.hold(length);
  }

  #release(): void {
    this.#large?.release();
    this.#waiting?.release();
    this.#large = this.#waiting = undefined;
  }

  get #response(): ServerResponse {
    return this.call.response;
  }

  get #gone(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }
}
