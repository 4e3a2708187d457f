import type { Decision, TaskPatch } from '../../core/decision.js';
import type { TaskRow } from '../../core/task-row.js';
import type { LockedTask } from './lock-task.js';
import { type Sql, join, later, raw, sql, timeValue } from './sql.js';
import type { SqlSession } from './sql-database.interface.js';
import { timeOf, toRow } from './task-row.js';

/** Applies the decision about a task. The transaction holds the lock of its row. */
export async function applyDecision<T>(
  session: SqlSession,
  row: LockedTask | undefined,
  decision: Decision<T>,
): Promise<T> {
  if (!decision.patch) return decision.result;
  if (!row) throw new Error('There is no row to change.');
  return decision.result(await applyPatch(session, row, decision.patch));
}

/** Returns the row as it is then. */
async function applyPatch(session: SqlSession, row: LockedTask, patch: TaskPatch): Promise<TaskRow> {
  const { runOwner, queue, requestCancel, ...counters } = patch;
  const sets: Sql[] = Object.entries(counters).map(([column, value]) => sql`${raw(column)} = ${value}`);
  if (runOwner !== undefined) sets.push(sql`run_owner = ${runOwner}`);
  if (queue === null) sets.push(sql`not_before = null, waits = null`);
  else if (queue !== undefined) {
    const notBefore = queue === 'created' ? raw('created_at') : later(queue.inMs);
    sets.push(sql`not_before = ${notBefore}, waits = scope`);
  }
  if (requestCancel) sets.push(sql`cancel_requested_at = ${timeValue(Number(row.now_at))}`);
  const met = await session.run(
    sql`update a2a_task set ${join(sets)} where task_id = ${row.task_id} and fence = ${row.fence}`,
  );
  if (met !== 1) throw new Error('A task was changed while its row was locked.');
  const { runOwner: before, ...after } = toRow(row);
  const owner = runOwner === undefined ? before : (runOwner ?? undefined);
  return {
    ...after,
    ...counters,
    ...(owner !== undefined && { runOwner: owner }),
    ...(queue !== undefined && { queued: queue !== null }),
    ...(requestCancel && { cancelRequestedAt: timeOf(row.now_at) }),
  };
}
