import type { HeldBytes } from '../../common/byte-budget.js';
import { A2AError } from '../../protocol/errors/index.js';
import type { ClientCall } from '../http/client-call.js';
import { isOver } from '../http/http-reply.js';
import { PIECE_BYTES, piecesOf } from '../http/http-reply.js';
import { BodyChannel } from './body.channel.js';
import { EventPump, type EventSink } from './event.pump.js';
import { KEEP_ALIVE, type SseFrame, type SseFramer } from './sse.framer.js';

const SSE_HEADERS = {
  'content-type': 'text/event-stream',
  // Compression and caches would delay events.
  'cache-control': 'no-cache, no-store, no-transform',
  'x-accel-buffering': 'no',
};

export interface SseOptions {
  readonly framer: SseFramer;
  /** Silence in ms after which a comment is sent. */
  readonly keepAliveMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** There is no capacity for the first event. Nothing was sent yet, so the answer can be an error. */
  readonly refuse: (error: A2AError) => void;
}

/**
 * Writes one event stream: each event by itself, and only when the socket has accepted the one before, so that a client may take each chunk
 * for an event. The next batch is requested only then, too: a client that does not read holds one batch and its cursor, nothing else.
 * Waiting bytes are counted, and a client that accepts nothing is disconnected.
 */
export class SseWriter implements EventSink<SseFrame> {
  readonly #body: BodyChannel;
  readonly #idle: NodeJS.Timeout;
  #begun = false;
  /** Writes that the socket has not accepted yet. */
  #pending = 0;
  #pump?: { readonly batch: readonly SseFrame[] };
  /** The counted bytes, once a client was found not to accept them. */
  #waiting?: readonly HeldBytes[];
  /** Called when no write is pending that the socket might accept. */
  #whenTaken?: () => void;

  constructor(
    private readonly call: ClientCall,
    private readonly options: SseOptions,
  ) {
    this.#body = new BodyChannel(call.response, () => this.#settle());
    this.#idle = setTimeout(() => this.#comment(), options.keepAliveMs);
  }

  /**
   * Ends with the stream or with the connection, and always closes the stream. Never throws: what the stream throws becomes the last event,
   * made by `failure`.
   */
  async pump<T>(
    stream: AsyncIterable<T>,
    eventsOf: (batch: T) => readonly SseFrame[],
    failure: (error: unknown) => readonly Buffer[],
  ): Promise<void> {
    const unwatch = this.call.watchTaking(this.#life);
    try {
      const pump = new EventPump(stream, eventsOf, this);
      this.#pump = pump;
      await pump.run();
      this.begin();
    } catch (error) {
      if (!this.call.response.headersSent && isNoRoom(error)) this.options.refuse(error);
      else if (!this.gone) await new Promise<void>((resolve) => this.#writeAll(failure(error), resolve));
    } finally {
      clearTimeout(this.#idle);
      unwatch();
      this.#release();
      this.#body.end();
    }
  }

  get gone(): boolean {
    return this.#body.gone;
  }

  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    const { response } = this.call;
    if (!isOver(response)) response.writeHead(200, { ...SSE_HEADERS, ...this.options.headers });
  }

  /** Called periodically: pending bytes are counted, and accepted bytes are a sign of life. */
  readonly #life = (taken: number): number => {
    if (this.#pending === 0) return NaN;
    this.#waiting ??= heldOf(this.call, this.#pump?.batch ?? []);
    return taken;
  };

  /** Refused: A2AError OVERLOADED. */
  write(event: SseFrame, taken: () => void, refused: (error: unknown) => void): void {
    const { framer } = this.options;
    const chunk = this.#pending === 0 && this.#body.takesChunks ? framer.chunk(event) : undefined;
    if (chunk === undefined) {
      const frame = framer.frame(event);
      if (bytesOf(frame) > PIECE_BYTES) void this.#writeLarge(frame).then(taken, refused);
      else this.#writeAll(frame, taken);
      return;
    }
    this.#whenTaken = taken;
    this.#pending++;
    this.#body.writeChunk(chunk, this.#taken);
    this.#idle.refresh();
  }

  #writeAll(frame: readonly Buffer[], taken: () => void): void {
    this.begin();
    this.#whenTaken = taken;
    for (const buffer of frame) this.#send(buffer);
    this.#idle.refresh();
  }

  /** @throws A2AError OVERLOADED */
  async #writeLarge(frame: readonly Buffer[]): Promise<void> {
    const held: HeldBytes[] = [];
    try {
      // Many readers of one event share one Buffer.
      for (const buffer of frame) held.push(this.call.hold(buffer.length, buffer));
      for (const buffer of frame) {
        for (const piece of piecesOf(buffer)) {
          if (this.gone) return;
          await new Promise<void>((resolve) => this.#writeAll([piece], resolve));
        }
      }
    } finally {
      for (const bytes of held) bytes.release();
    }
  }

  #send(buffer: Buffer): void {
    this.#pending++;
    this.#body.write(buffer, this.#taken);
  }

  readonly #taken = (): void => {
    if (--this.#pending > 0) return;
    this.#release();
    this.#settle();
  };

  #settle(): void {
    const taken = this.#whenTaken;
    this.#whenTaken = undefined;
    taken?.();
  }

  #release(): void {
    for (const bytes of this.#waiting ?? []) bytes.release();
    this.#waiting = undefined;
  }

  #comment(): void {
    if (this.gone) return;
    // A dead client shows by a socket that stays full.
    if (this.#pending === 0 && this.call.response.headersSent) this.#send(KEEP_ALIVE);
    this.#idle.refresh();
  }
}

const bytesOf = (frame: readonly Buffer[]): number => frame.reduce((sum, { length }) => sum + length, 0);

/** Counts what is in memory already: small bodies belong to this stream; large ones are shared and may be counted elsewhere too. */
function heldOf(call: ClientCall, events: readonly SseFrame[]): HeldBytes[] {
  const bodies = events.map(({ body }) => body);
  const large = bodies.filter(({ length }) => length >= PIECE_BYTES);
  const small = bodies.filter(({ length }) => length < PIECE_BYTES);
  return [call.holdWritten(bytesOf(small)), ...large.map((body) => call.holdWritten(body.length, body))];
}

const isNoRoom = (error: unknown): error is A2AError => error instanceof A2AError && error.reason === 'OVERLOADED';
