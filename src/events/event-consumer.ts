import { setImmediate } from 'node:timers/promises';
import type { DequeueOptions, EventQueueLike } from './event-queue.interface.js';
import { QueueClosedError } from './events.errors.js';

/**
 * The one reader of a run's queue. How a run ends is told here, so that nobody polls for it:
 *
 * - `agentFailed`: the queue takes nothing more, the events accepted before are delivered, then the consumption throws the
 *   agent's error. A consumer that waits learns of it at once.
 * - `agentDone`: the consumption ends when the queue is empty (those who still wait to enqueue are let in first), and the
 *   queue is closed: what comes later is refused instead of lost.
 * - the queue is closed by somebody else: the consumption ends when it is empty.
 *
 * Each event is acknowledged (`taskDone`) when the consumer comes back for the next one.
 */
export class EventConsumer<T> {
  #failure?: { error: unknown };
  #done = false;

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

  /** Event by event. What a consumer that breaks off has not been given stays in the queue. */
  async *consumeAll(): AsyncGenerator<T, void, void> {
    for await (const batch of this.batches(1)) yield* batch;
  }

  /** Waits for an event and the turn of the event loop it came in, then takes all that is there, at most `maxItems` events and `maxBytes` (but for the first). */
  async *batches(maxItems = 512, maxBytes = 4 << 20): AsyncGenerator<T[], void, void> {
    for (;;) {
      if (this.queue.length === 0) {
        this.#closeIfDone();
        if (!this.queue.isClosed()) await this.queue.whenReady();
        else if (this.#failure) throw this.#failure.error;
        else return;
      }
      // What a producer emits without waiting for anything but the queue belongs to one batch.
      if (!this.#done && !this.#failure) await setImmediate();
      const batch = this.queue.drain(maxItems, maxBytes);
      if (batch.length === 0) continue;
      try {
        yield batch;
      } finally {
        for (let i = 0; i < batch.length; i += 1) this.queue.taskDone();
      }
    }
  }

  /** The agent threw. The first call of `agentFailed` and `agentDone` counts. */
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
