import type { TaskScope } from '../../security/call-context.js';
import type { TaskColumns } from '../task-columns.js';

export { isRowId, isTaskId } from '../row-ids.js';
export { TASK_COLUMNS, toClaim, toHead, toRow } from '../task-columns.js';

export type PostgresTaskRow = TaskColumns<Date>;

/** Filters a2a_task, aliased `t`, with the values of `scoped`. */
export const IN_SCOPE = 't.task_id = $1::uuid and t.owner = $2 and t.tenant = $3 and t.agent = $4';

export const scoped = (scope: TaskScope, taskId: string): string[] => [taskId, scope.owner, scope.tenant, scope.agent];
