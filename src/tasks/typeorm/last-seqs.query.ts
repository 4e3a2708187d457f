import type { WatchedTask } from '../scoped-task.js';
import type { Database } from './database.js';
import { plainArray } from './pg-array.js';
import { isTaskId } from './task-row.js';

const LAST_SEQS = `
select t.task_id, t.last_seq
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as w(task_id, owner, tenant, agent)
join a2a_task t on t.task_id = w.task_id and t.owner = w.owner and t.tenant = w.tenant and t.agent = w.agent`;

/** The newest seq of each of these tasks that is there. */
export async function lastSeqs(db: Database, tasks: readonly WatchedTask[]): Promise<Map<string, number>> {
  const watched = tasks.filter(({ taskId }) => isTaskId(taskId));
  if (watched.length === 0) return new Map();
  const rows = await db.query<{ task_id: string; last_seq: number }>(LAST_SEQS, [
    plainArray(watched.map(({ taskId }) => taskId)),
    watched.map(({ owner }) => owner),
    watched.map(({ tenant }) => tenant),
    watched.map(({ agent }) => agent),
  ]);
  return new Map(rows.map((row) => [row.task_id, row.last_seq]));
}
