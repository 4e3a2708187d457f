import { Inject, Injectable } from '@nestjs/common';
import type { CommittedEvent } from '../tasks/committed-event.js';
import type { DequeueOptions, EventQueueLimits, EventTap } from './event-queue.interface.js';
import { NoTaskSubscriber, QueueClosedError, TapLaggingError, TaskSubscriberExists } from './events.errors.js';
import { QUEUE_MANAGER, type QueueManager } from './queue-manager.interface.js';

/**
 * The queues of a process by task and subscriber: for code that works with named subscribers instead of taps. A subscriber receives the
 * events enqueued after it was added. One that falls behind gets TapLaggingError once, and then the events that follow.
 */
@Injectable()
export class TaskEventManager {
  readonly #taps = new Map<string, Map<string, EventTap<CommittedEvent>>>();

  constructor(@Inject(QUEUE_MANAGER) private readonly queues: QueueManager) {}

  /** Throws TaskSubscriberExists. `limits` bound what waits for this subscriber: default 1024 events and 1 MiB. */
  addSubscriber(taskId: string, subscriberId: string, limits?: EventQueueLimits<CommittedEvent>): void {
    if (this.#taps.get(taskId)?.has(subscriberId)) throw new TaskSubscriberExists(taskId, subscriberId);
    const tap = this.queues.createOrTap(taskId, limits);
    const subscribers = this.#taps.get(taskId);
    if (subscribers) subscribers.set(subscriberId, tap);
    else this.#taps.set(taskId, new Map([[subscriberId, tap]]));
  }

  /** Drops what waits for the subscriber and rejects its wait with QueueClosedError. False: it was not subscribed. */
  removeSubscriber(taskId: string, subscriberId: string): boolean {
    const subscribers = this.#taps.get(taskId);
    const tap = subscribers?.get(subscriberId);
    if (!subscribers || !tap) return false;
    subscribers.delete(subscriberId);
    if (subscribers.size === 0) this.#taps.delete(taskId);
    tap.close();
    return true;
  }

  /** Passes a committed event to all readers of the task in this process, subscribers and cursors alike. Never waits. */
  enqueue(taskId: string, event: CommittedEvent): void {
    this.queues.publish(taskId, [event]);
  }

  /**
   * The subscriber's next event. Rejects with NoTaskSubscriber; with TapLaggingError after an overflow; with QueueClosedError once the
   * task's queue is closed and read to its end, and the subscriber is then removed.
   */
  async dequeue(taskId: string, subscriberId: string, options?: DequeueOptions): Promise<CommittedEvent> {
    const tap = this.#taps.get(taskId)?.get(subscriberId);
    if (!tap) throw new NoTaskSubscriber(taskId, subscriberId);
    try {
      const event = await tap.dequeueEvent(options);
      tap.taskDone();
      return event;
    } catch (error) {
      if (error instanceof TapLaggingError) tap.resume();
      if (error instanceof QueueClosedError && this.#taps.get(taskId)?.get(subscriberId) === tap) {
        this.removeSubscriber(taskId, subscriberId);
      }
      throw error;
    }
  }

  /** Ids of the task's subscribers. */
  subscribers(taskId: string): string[] {
    return [...(this.#taps.get(taskId)?.keys() ?? [])];
  }
}
