import type { DequeueOptions, EventQueueLike } from './event-queue.interface.js';
import { QueueClosedError } from './events.errors.js';

/**
 * The one reader of a run's queue. The end of a run is reported here, so nothing polls for it:
 *
 * - `agentFailed`: the queue takes nothing more, the events accepted before are delivered, then the consumption throws the agent's error. A
 *   waiting consumer learns of it at once.
 * - `agentDone`: the consumption ends when the queue is empty (pending enqueues are accepted first), and the queue is closed: later events
 *   are refused instead of lost.
 * - Someone else closes the queue: the consumption ends when it is empty.
 *
 * Each event is acknowledged (`taskDone`) when the consumer asks for the next one.
 */
export class EventConsumer<T> {
  #failure?: { error: unknown };
  #done = false;
  /** Events of the last batch, which are not acknowledged yet. */
  #given = 0;

  constructor(private readonly queue: EventQueueLike<T>) {}

  /** The next event. Rejects with the agent's error, or with QueueClosedError when nothing will come. */
  async consumeOne(options?: DequeueOptions): Promise<T> {
    this.#closeIfDone();
    try {
      const event = await this.queue.dequeueEvent(options);
      this.queue.taskDone();
      return event;
    } catch (error) {
      if (this.#failure && error instanceof QueueClosedError) throw this.#failure.error;
      throw error;
    }
  }

  /** Yields event by event. When a consumer stops early, the events it did not receive stay in the queue. */
  async *consumeAll(): AsyncGenerator<T, void, void> {
    try {
      for (let batch = await this.nextBatch(1); batch; batch = await this.nextBatch(1)) yield* batch;
    } finally {
      this.#acknowledge();
    }
  }

  /**
   * Waits for an event and the rest of its event loop turn, then takes all that is buffered: at most `maxItems` events and `maxBytes`, but
   * at least one. undefined: nothing will come.
   */
  async nextBatch(maxItems = 512, maxBytes = 4 << 20): Promise<T[] | undefined> {
    this.#acknowledge();
    for (;;) {
      if (this.queue.length === 0) {
        this.#closeIfDone();
        if (!this.queue.isClosed()) await this.queue.whenReady();
        else if (this.#failure) throw this.#failure.error;
        else return undefined;
      }
      // Events that a producer emits without waiting for anything but the queue belong in one batch.
      if (!this.#done && !this.#failure) await new Promise((resolve) => setImmediate(resolve));
      const batch = this.queue.drain(maxItems, maxBytes);
      this.#given = batch.length;
      if (batch.length > 0) return batch;
    }
  }

  #acknowledge(): void {
    for (; this.#given > 0; this.#given -= 1) this.queue.taskDone();
  }

  /** The agent threw. The first call of `agentFailed` or `agentDone` counts. */
  agentFailed(error: unknown): void {
    if (this.#failure || this.#done) return;
    this.#failure = { error };
    void this.queue.close({ timeout: 0 });
  }

  /** The agent returned. */
  agentDone(): void {
    if (this.#failure) return;
    this.#done = true;
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (this.#done && this.queue.length === 0) void this.queue.close({ timeout: 0 });
  }
}
