import { drop, redrive as rule } from '../../../core/delivery-rules.js';
import { isRowId } from '../../../row-ids.js';
import { decideOnDelivery } from '../decide-on-delivery.js';
import { lockTask } from '../lock-task.js';
import { sql } from '../sql.js';
import type { SqlDatabase } from '../sql-database.interface.js';

/** The dead letter is owed again. Locks the task first, as each change of its configs does. */
export async function redrive(db: SqlDatabase, id: string): Promise<boolean> {
  if (!isRowId(id)) return false;
  const [entry] = await db.query<{ task_id: string }>(sql`select task_id from a2a_outbox where id = ${Number(id)}`);
  if (!entry) return false;
  return db.writeTask(entry.task_id, async (session) => {
    const task = await lockTask(session, undefined, entry.task_id);
    return task !== undefined && decideOnDelivery(session, id, rule);
  });
}

export const dropDead = (db: SqlDatabase, id: string): Promise<boolean> =>
  db.write((session) => decideOnDelivery(session, id, drop));
