import type { CommittedEvent } from '../tasks/committed-event.js';
import type { EventQueueLike, EventQueueLimits, EventTap } from './event-queue.interface.js';

export const QUEUE_MANAGER = Symbol('QueueManager');

/** The root queues of this process's tasks, by task id. Never holds a lock while it waits. */
export interface QueueManager {
  /** Throws TaskQueueExists. */
  add(taskId: string, queue: EventQueueLike<CommittedEvent>): void;
  get(taskId: string): EventQueueLike<CommittedEvent> | undefined;
  /** undefined: no queue for that task. */
  tap(taskId: string, limits?: EventQueueLimits<CommittedEvent>): EventTap<CommittedEvent> | undefined;
  /** A tap on the task's root queue. The queue is created if needed and removed when its last tap closes. */
  createOrTap(taskId: string, limits?: EventQueueLimits<CommittedEvent>): EventTap<CommittedEvent>;
  /** Throws NoTaskQueue. */
  close(taskId: string): Promise<void>;
  /**
   * Passes committed events to the readers of this task in this process. Keeps nothing when there are none. Synchronous: taps never block.
   */
  publish(taskId: string, events: readonly CommittedEvent[]): void;
  /** Ids of the tasks that are read in this process. */
  taskIds(): string[];
}
