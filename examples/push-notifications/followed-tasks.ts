import { Injectable, Logger } from '@nestjs/common';
import type { WebhookNotification } from '../../src/client/index.js';
import type { TaskState } from '../../src/index.js';

const MAX_KEPT = 10_000;

/** What the notifications said: the state of each task, as of the newest. */
@Injectable()
export class FollowedTasks {
  readonly #log = new Logger('Webhook');
  readonly #states = new Map<string, TaskState>();
  #count = 0;

  take(notification: WebhookNotification): void {
    this.#count++;
    if (notification.kind !== 'task' && notification.kind !== 'status') return;
    const { taskId, status } = notification;
    this.#states.set(taskId, status.state);
    this.#log.log(`${taskId}: ${status.state}`);
    const [oldest] = this.#states.keys();
    if (this.#states.size > MAX_KEPT && oldest !== undefined) this.#states.delete(oldest);
  }

  stateOf(taskId: string): TaskState | undefined {
    return this.#states.get(taskId);
  }

  /** Notifications that were taken. The module leaves out repetitions. */
  get count(): number {
    return this.#count;
  }
}
