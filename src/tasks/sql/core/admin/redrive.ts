import { isRowId } from '../../../row-ids.js';
import { lockTask } from '../lock-task.js';
import { listActive } from '../put-push-config.js';
import { FOR_UPDATE, NOW, sql } from '../sql.js';
import type { SqlDatabase } from '../sql-database.interface.js';

interface Entry {
  readonly task_id: string;
  readonly config_key: string;
  readonly dead: boolean | number;
}

const entryOf = (id: string) =>
  sql`select o.task_id, o.config_key, o.dead_at is not null as dead from a2a_outbox o where o.id = ${Number(id)}`;

/**
 * The dead letter is owed again. It has kept its place in the order of its config. Locks as a change of the task's configs does:
 * the task, then the entry, then its queue and its config.
 */
export async function redrive(db: SqlDatabase, id: string): Promise<boolean> {
  const [known] = isRowId(id) ? await db.query<Entry>(entryOf(id)) : [];
  if (!known) return false;
  const { task_id: taskId, config_key: key } = known;
  const ofConfig = sql`where task_id = ${taskId} and config_key = ${key}`;
  return db.writeTask(taskId, async (session) => {
    if (!(await lockTask(session, undefined, taskId))) return false;
    const [entry] = await session.query<Entry>(sql`${entryOf(id)} ${FOR_UPDATE}`);
    if (!entry) return false;
    if (!entry.dead) return true;
    await session.run(sql`
      update a2a_outbox set dead_at = null, dead_reason = null, attempts = 0 where id = ${Number(id)}`);
    await session.run(sql`update a2a_push_queue set due_at = ${NOW}, redriven = true ${ofConfig}`);
    await session.run(sql`update a2a_push_config set disabled_at = null, given_up = 0 ${ofConfig}`);
    await listActive(session, taskId);
    return true;
  });
}

export const dropDead = async (db: SqlDatabase, id: string): Promise<boolean> =>
  isRowId(id) && (await db.run(sql`delete from a2a_outbox where id = ${Number(id)} and dead_at is not null`)) > 0;
