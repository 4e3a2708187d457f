import type { ClaimedRun } from '../run-store.interface.js';
import type { SqlSession } from './sql-session.js';
import { type TaskRow, toClaim } from './task-row.js';

type Counters = Partial<Pick<TaskRow, 'turn' | 'attempt' | 'losses' | 'failures'>>;

/** Gives a task, whose row the transaction has locked, to a replica as a new run. */
export async function claimRow(
  session: SqlSession,
  row: TaskRow,
  replicaId: string,
  counters: Counters = {},
): Promise<ClaimedRun> {
  const claimed: TaskRow = { ...row, ...counters, run_owner: replicaId, fence: row.fence + 1 };
  const { turn, attempt, losses, failures, fence, task_id: taskId } = claimed;
  const met = await session.run(
    `update a2a_task set run_owner = ?, fence = ?, turn = ?, attempt = ?, losses = ?, failures = ?, not_before = null, waits = null
     where task_id = ? and fence = ?`,
    [replicaId, fence, turn, attempt, losses, failures, taskId, row.fence],
  );
  if (met !== 1) throw new Error('A task was changed while its row was locked.');
  return toClaim(claimed);
}
