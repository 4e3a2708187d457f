import { internal } from '../protocol/errors/index.js';
import type { TaskScope } from '../security/call-context.js';
import { CommittedEvent } from './committed-event.js';
import { isTaskId } from './row-ids.js';
import type { CreateResult, NewTask } from './task-store.interface.js';

/** A task to create, and its scope. */
export interface ScopedTask {
  readonly scope: TaskScope;
  readonly task: NewTask;
}

/** A task whose newest seq is requested. */
export type WatchedTask = TaskScope & { readonly taskId: string };

/** Throws INTERNAL when the id of a new task has the wrong form: this server creates ids, clients never do. */
export function assertNewId({ task: { taskId } }: ScopedTask): void {
  if (!isTaskId(taskId)) throw internal(new Error(`A task's id must be a UUID in lower case, not '${taskId}'.`));
}

/** The result for a task that was created. */
export const taskCreated = ({ scope: { owner, tenant, agent }, task }: ScopedTask): CreateResult => ({
  created: true,
  run: { taskId: task.taskId, contextId: task.contextId, owner, tenant, agent, fence: 1 },
  event: CommittedEvent.of(task, 1, task.event),
});
