import type { Decision, QueueTime, TaskPatch } from '../core/decision.js';
import type { SqlSession, SqlValue } from './sql-session.js';
import { type SqlTaskRow, toRow } from './task-row.js';

/** Applies the decision about a task. The transaction holds the lock of its row. */
export async function applyDecision<T>(
  session: SqlSession,
  row: SqlTaskRow | undefined,
  decision: Decision<T>,
): Promise<T> {
  if (!decision.patch) return decision.result;
  if (!row) throw new Error('There is no row to change.');
  return decision.result(toRow(await applyPatch(session, row, decision.patch)));
}

/** Changes a task and returns the changed row. The transaction holds the lock of the row. */
async function applyPatch(
  session: SqlSession,
  row: SqlTaskRow,
  { runOwner, queue, requestCancel, ...counters }: TaskPatch,
): Promise<SqlTaskRow> {
  const { dialect } = session;
  const now = requestCancel ? await readNow(session) : 0;
  const changes: Partial<SqlTaskRow> = {
    ...counters,
    ...(runOwner !== undefined && { run_owner: runOwner }),
    ...(requestCancel && { cancel_requested_at: now }),
  };
  const columns = Object.entries(changes) as [string, SqlValue][];
  const sets = columns.map(([column]) => `${column} = ?`);
  if (queue !== undefined)
    sets.push(...(queue ? [`not_before = ${notBefore(queue, dialect.now)}`, 'waits = scope'] : NOT_QUEUED));
  const met = await session.run(`update a2a_task set ${sets.join(', ')} where task_id = ? and fence = ?`, [
    ...columns.map(([, value]) => value),
    ...[row.task_id, row.fence],
  ]);
  if (met !== 1) throw new Error('A task was changed while its row was locked.');
  return { ...row, ...changes, ...(queue !== undefined && { queued: queue ? 1 : 0 }) };
}

const NOT_QUEUED = ['not_before = null', 'waits = null'];

const notBefore = (queue: QueueTime, now: string): string =>
  queue === 'created' ? 'created_at' : `${now} + ${Math.round(queue.inMs)}`;

async function readNow(session: SqlSession): Promise<number> {
  const [row] = await session.query<{ now: number }>(`select ${session.dialect.now} as now`);
  return Number(row!.now);
}
