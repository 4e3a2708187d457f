import type { TaskScope } from '../../security/call-context.js';
import type { StoredTask } from '../stored/stored-task.js';
import type { TaskTable } from './task-table.interface.js';

/** What a reader makes of a task. undefined: there is no such task in the scope. */
export function readTask<T>(
  table: Pick<TaskTable, 'find' | 'stored'>,
  scope: TaskScope,
  taskId: string,
  reader: (task: StoredTask) => T,
): Promise<T | undefined> {
  const task = table.find(taskId, scope);
  return table.stored(task && reader(task));
}
