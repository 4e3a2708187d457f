import type { Task, TaskStatus } from '../protocol/model/index.js';
import { v03Codec } from '../protocol/v0-3/index.js';
import type { CallContext } from '../security/call-context.js';
import type { OutboxEntry } from '../tasks/outbox.interface.js';
import type { TaskStore } from '../tasks/task-store.interface.js';
import { TaskFoldCache } from './task-fold-cache.js';

/**
 * The bodies of notifications. v1.0: the event, as a StreamResponse (spec 4.3.3). v0.3: the Task as of the event (spec 9.5). A
 * Task that is too large comes without history and artifacts. An artifact that a later notification includes is not sent by
 * itself.
 */
export class NotificationBodies {
  readonly #folds: TaskFoldCache;

  constructor(
    private readonly tasks: Pick<TaskStore, 'eventsAfter' | 'head'>,
    maxTaskBytes: number,
  ) {
    this.#folds = new TaskFoldCache(tasks, maxTaskBytes);
  }

  /** A later notification includes this one. One that was attempted already is completed. */
  isCovered({ config, event, followed, attempts }: OutboxEntry): boolean {
    return config.wireVersion === '0.3' && event.kind === 'artifact' && followed && attempts === 0;
  }

  /** undefined: a later notification includes all of this one. */
  async bodyOf(entry: OutboxEntry): Promise<string | undefined> {
    const { config, event, scope } = entry;
    if (config.wireVersion === '1.0') return event.text;
    const text = await this.#folds.withTask(scope, event.taskId, event.seq, (task) => task && encoded(task));
    if (text !== undefined) return text;
    const status = await this.#statusAsOf(entry);
    return status && encoded({ id: event.taskId, contextId: event.contextId, status });
  }

  /** An artifact event has no status; it is known as long as nothing else has happened since. */
  async #statusAsOf({ event, scope }: OutboxEntry): Promise<TaskStatus | undefined> {
    if ('task' in event.event) return event.event.task.status;
    if ('statusUpdate' in event.event) return event.event.statusUpdate.status;
    const caller: CallContext = { ...scope, protocolVersion: '1.0', requestedExtensions: [] };
    const head = await this.tasks.head(caller, event.taskId);
    return head?.lastSeq === event.seq ? { state: head.state, timestamp: head.statusAt } : undefined;
  }
}

const encoded = (task: Task): string => JSON.stringify(v03Codec.encode.Task(task));
