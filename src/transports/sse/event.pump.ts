import type { DirectSource } from '../../events/direct-source.interface.js';
import { onNextTurn } from './turns.js';

/** The destination of events. */
export interface EventSink<E> {
  /** Nothing is accepted any more. */
  readonly gone: boolean;
  /** Called for an empty batch: tells the client that it is connected. */
  begin(): void;
  /**
   * Calls exactly one of the two, and never before it returns. `taken`: the event was accepted or never will be; `refused`: it was refused.
   */
  write(event: E, taken: () => void, refused: (error: unknown) => void): void;
}

/**
 * Reads batches from a stream and writes their events, each in its own event loop turn and only when the one before was taken: events
 * written in one turn arrive together and would delay other streams. It requests the next batch only then, too. Where the stream allows it,
 * no promise is created per event: with many readers those would be most of the work.
 */
export class EventPump<T, E> {
  readonly #source: AsyncIterator<T> & DirectSource<T>;
  #events: readonly E[] = [];
  #at = 0;
  #resolve: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(
    stream: AsyncIterable<T>,
    private readonly eventsOf: (batch: T) => readonly E[],
    private readonly sink: EventSink<E>,
  ) {
    this.#source = stream[Symbol.asyncIterator]();
  }

  /** The batch that is being written. */
  get batch(): readonly E[] {
    return this.#events;
  }

  /**
   * Call it once. Resolves when the stream has ended or the sink is gone; rejects with what the stream, `eventsOf` or the sink throws. The
   * stream is then closed.
   */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#step();
    });
  }

  /** Runs alone: no write, no `next` and no other step is pending. */
  readonly #step = (): void => {
    try {
      if (this.sink.gone) return this.#close(this.#resolve);
      if (this.#at === this.#events.length && !this.#refilled()) return;
      this.sink.write(this.#events[this.#at++] as E, this.#taken, this.#failed);
    } catch (error) {
      this.#failed(error);
    }
  };

  readonly #stepSoon = (): void => onNextTurn(this.#step);

  readonly #taken = (): void => {
    if (this.#at === this.#events.length && this.#waits()) return;
    this.#stepSoon();
  };

  /** False: it continues by itself when there is something. */
  #refilled(): boolean {
    const batch = this.#source.take?.();
    if (batch !== undefined) return this.#load(batch);
    if (!this.#waits()) this.#source.next().then(this.#pulled, this.#failed);
    return false;
  }

  #waits(): boolean {
    if (this.#at > 0) this.#events = [];
    this.#at = 0;
    return this.#source.whenMore?.(this.#stepSoon) === true;
  }

  readonly #pulled = ({ done, value }: IteratorResult<T>): void => {
    if (done) return this.#resolve();
    try {
      if (this.#load(value)) this.#step();
    } catch (error) {
      this.#failed(error);
    }
  };

  #load(batch: T): boolean {
    this.#events = this.eventsOf(batch);
    this.#at = 0;
    if (this.#events.length > 0) return true;
    this.sink.begin();
    this.#stepSoon();
    return false;
  }

  readonly #failed = (error: unknown): void => this.#close(() => this.#reject(error));

  #close(settle: () => void): void {
    const closed = this.#source.return?.();
    if (closed === undefined) settle();
    else closed.then(settle, settle);
  }
}
