import type { TaskScope } from '../../security/call-context.js';
import type { TaskColumns } from '../task-columns.js';
import { scopeKey } from './keys.js';

export { TASK_COLUMNS, timeOf, toHead, toRow } from '../task-columns.js';

export type SqlTaskRow = TaskColumns<number>;

/** Filters a2a_task, aliased `t`, with the values of `scoped`. */
export const IN_SCOPE = 't.task_id = ? and t.scope = ?';

export const scoped = (scope: TaskScope, taskId: string): [string, string] => [taskId, scopeKey(scope)];
