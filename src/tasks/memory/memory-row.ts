import type { StoredTask } from '../stored/stored-task.js';
import type { OutboxQueue } from './outbox-queue.js';

/** Where a queued task is. */
export interface QueuePlace {
  readonly row: MemoryRow;
  readonly notBefore: number;
}

/** A task with everything that belongs to it. */
export interface MemoryRow extends StoredTask {
  place?: QueuePlace;
  /** Ids of all messages that were sent to it. */
  readonly messageIds: string[];
  /** Deliveries owed, one queue per push notification config. */
  webhooks: OutboxQueue[];
  /** Estimate of its memory use, in bytes. */
  held: number;
}
