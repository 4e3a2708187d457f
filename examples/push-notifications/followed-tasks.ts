import { Injectable, Logger } from '@nestjs/common';
import type { StreamResponse, TaskState } from '../../src/index.js';

const MAX_KEPT = 10_000;

/** What the notifications said: the state of each task, as of the newest. */
@Injectable()
export class FollowedTasks {
  readonly #log = new Logger('Webhook');
  readonly #states = new Map<string, TaskState>();
  readonly #taken = new Set<string>();

  /** `id` is that of the notification; one that was taken before changes nothing. */
  take(id: string, event: StreamResponse): void {
    if (this.#taken.has(id)) return;
    const status =
      'task' in event ? event.task.status : 'statusUpdate' in event ? event.statusUpdate.status : undefined;
    const taskId = 'task' in event ? event.task.id : 'statusUpdate' in event ? event.statusUpdate.taskId : undefined;
    if (status && taskId !== undefined) {
      this.#states.set(taskId, status.state);
      this.#log.log(`${taskId}: ${status.state}`);
    }
    this.#taken.add(id);
    forgetOldest(this.#taken);
    forgetOldest(this.#states);
  }

  stateOf(taskId: string): TaskState | undefined {
    return this.#states.get(taskId);
  }

  /** Notifications that were taken, repetitions left out. */
  get count(): number {
    return this.#taken.size;
  }
}

function forgetOldest(kept: Map<string, unknown> | Set<string>): void {
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}
