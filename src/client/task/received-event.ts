import type { Task, TaskEvent } from '../../protocol/model/index.js';

export interface EventIds {
  readonly taskId: string;
  /** '' when it is not given. */
  readonly contextId: string;
}

export function idsOf(event: TaskEvent): EventIds {
  if ('task' in event) return { taskId: event.task.id, contextId: event.task.contextId ?? '' };
  const { taskId, contextId } = 'statusUpdate' in event ? event.statusUpdate : event.artifactUpdate;
  return { taskId, contextId: contextId ?? '' };
}

/**
 * A task to apply the event to when no Task came before it, as with some servers: in the state of the event, or submitted when it has none.
 */
export function taskBefore(event: Exclude<TaskEvent, { task: unknown }>): Task {
  const state = 'statusUpdate' in event ? event.statusUpdate.status.state : 'TASK_STATE_SUBMITTED';
  const { taskId, contextId } = idsOf(event);
  return { id: taskId, contextId, status: { state } };
}
