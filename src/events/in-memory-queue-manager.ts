import { Injectable } from '@nestjs/common';
import { TransientMap } from '../common/transient-map.js';
import type { CommittedEvent } from '../tasks/committed-event.js';
import type { EventQueueLike, EventQueueLimits, EventTap } from './event-queue.interface.js';
import { EventQueue } from './event-queue.js';
import type { QueueTap } from './event-tap.js';
import { NoTaskQueue, TaskQueueExists } from './events.errors.js';
import type { QueueManager } from './queue-manager.interface.js';

type RootQueueLike = EventQueueLike<CommittedEvent>;

/** The root queues of this process, one for each task that is read here: a queue without taps is removed. */
@Injectable()
export class InMemoryQueueManager implements QueueManager {
  readonly #queues = new TransientMap<string, RootQueueLike>();

  /**
   * Throws TaskQueueExists, and TypeError for a queue that retains events: nothing would dequeue them, and it would fill up. A queue that
   * was added stays until it is closed.
   */
  add(taskId: string, queue: RootQueueLike): void {
    if (queue instanceof EventQueue && queue.retains) {
      throw new TypeError('A root queue keeps nothing for itself: make it with new EventQueue({ retain: false }).');
    }
    if (this.get(taskId)) throw new TaskQueueExists(taskId);
    this.#queues.set(taskId, queue);
  }

  get(taskId: string): RootQueueLike | undefined {
    const queue = this.#queues.get(taskId);
    if (!queue?.isClosed()) return queue;
    this.#queues.delete(taskId);
    return undefined;
  }

  tap(taskId: string, limits?: EventQueueLimits<CommittedEvent>): EventTap<CommittedEvent> | undefined {
    return this.get(taskId)?.tap(limits);
  }

  createOrTap(taskId: string, limits?: EventQueueLimits<CommittedEvent>): EventTap<CommittedEvent> {
    let queue = this.get(taskId);
    if (!queue) this.#queues.set(taskId, (queue = new RootQueue((root) => this.#forget(taskId, root))));
    return queue.tap(limits);
  }

  /** Resolves when the queue is closed; it is removed at once. */
  async close(taskId: string): Promise<void> {
    const queue = this.get(taskId);
    if (!queue) throw new NoTaskQueue(taskId);
    this.#queues.delete(taskId);
    await queue.close();
  }

  publish(taskId: string, events: readonly CommittedEvent[]): void {
    const queue = this.get(taskId);
    // A listener may close the queue between two events; the rest then has no reader here.
    if (queue) for (const event of events) queue.enqueueEvent(event).catch(() => undefined);
  }

  taskIds(): string[] {
    return [...this.#queues.keys()].filter((taskId) => this.get(taskId));
  }

  #forget(taskId: string, queue: RootQueueLike): void {
    if (this.#queues.get(taskId) === queue) this.#queues.delete(taskId);
    void queue.close({ immediate: true });
  }
}

/** A queue that reports when its last tap has closed. */
class RootQueue extends EventQueue<CommittedEvent> {
  constructor(private readonly onUnused: (queue: RootQueue) => void) {
    super({ retain: false });
  }

  override tapClosed(tap: QueueTap<CommittedEvent>): void {
    super.tapClosed(tap);
    if (!this.isClosed() && this.taps === 0) this.onUnused(this);
  }
}
