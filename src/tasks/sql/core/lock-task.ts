import type { TaskScope } from '../../../security/call-context.js';
import { FOR_UPDATE, NOW, sql } from './sql.js';
import type { SqlSession } from './sql-database.interface.js';
import { type SqlTaskRow, type SqlTime, TASK_COLUMNS, inTask } from './task-row.js';

export interface LockedTask extends SqlTaskRow {
  /** The present time. */
  now_at: SqlTime;
}

/** Locks the row of a task until the end of the transaction. undefined: no such task in this scope; without one: none at all. */
export async function lockTask(
  session: SqlSession,
  scope: TaskScope | undefined,
  taskId: string,
): Promise<LockedTask | undefined> {
  const [row] = await session.query<LockedTask>(
    sql`select ${TASK_COLUMNS}, ${NOW} as now_at from a2a_task t where ${inTask({ taskId, scope })} ${FOR_UPDATE}`,
  );
  return row;
}
