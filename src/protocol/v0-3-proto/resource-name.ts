/** Resource names of the v0.3 proto: `tasks/{id}` and `tasks/{id}/pushNotificationConfigs/{config id}`. */
const TASK = 'tasks/';
const CONFIG = '/pushNotificationConfigs/';

export const configName = (taskId: string, configId: string): string => `${TASK}${taskId}${CONFIG}${configId}`;

export interface ResourceName {
  readonly taskId?: string;
  /** Absent when the name is that of a task, or ends where the config's id should be. */
  readonly configId?: string;
}

/** Empty for what is no such name. A task's id may hold slashes, but not the name of the collection below it. */
export function readResourceName(name: unknown): ResourceName {
  if (typeof name !== 'string' || !name.startsWith(TASK)) return {};
  const rest = name.slice(TASK.length);
  const at = rest.indexOf(CONFIG);
  const taskId = at < 0 ? rest : rest.slice(0, at);
  const configId = at < 0 ? '' : rest.slice(at + CONFIG.length);
  return { ...(taskId !== '' && { taskId }), ...(configId !== '' && { configId }) };
}
