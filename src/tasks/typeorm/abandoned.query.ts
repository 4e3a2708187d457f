import type { SettledTasks } from '../task-store.interface.js';
import type { TaskRecord } from '../task-record.js';
import type { Database } from './database.js';
import { LONGEST_FIRST, RESTING, resting } from './resting.js';
import { TASK_COLUMNS, type PostgresTaskRow, toHead } from './task-row.js';

export const ABANDONED = `
select ${TASK_COLUMNS} from a2a_task t
where ${RESTING} and t.state in ('input-required', 'auth-required') and t.run_owner is null and t.not_before is null
  and not exists (select from a2a_inbox i where i.task_id = t.task_id)
order by ${LONGEST_FIRST} limit $4`;

export async function abandoned(db: Database, which: SettledTasks, limit: number): Promise<TaskRecord[]> {
  return (await db.query<PostgresTaskRow>(ABANDONED, [...resting(which), limit])).map(toHead);
}
