import type { StreamResponse, TaskState } from '../../protocol/model/index.js';

type Short<S> = S extends `TASK_STATE_${infer Name}` ? Name : never;

/** A state with or without its prefix: `COMPLETED` is `TASK_STATE_COMPLETED`. */
export type StateName = TaskState | Short<TaskState>;

export const fullState = (name: StateName): TaskState =>
  (name.startsWith('TASK_STATE_') ? name : `TASK_STATE_${name}`) as TaskState;

export function stateIn(event: StreamResponse): TaskState | undefined {
  if ('task' in event) return event.task.status.state;
  return 'statusUpdate' in event ? event.statusUpdate.status.state : undefined;
}

export function taskIdIn(event: StreamResponse): string | undefined {
  if ('task' in event) return event.task.id;
  if ('statusUpdate' in event) return event.statusUpdate.taskId;
  return 'artifactUpdate' in event ? event.artifactUpdate.taskId : undefined;
}
