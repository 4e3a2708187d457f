import { adminPage, adminPageSize, decodeCursor, listOf } from '../../../admin/admin-cursor.js';
import type { AdminDeliveryRow } from '../../../admin/admin-rows.js';
import type { AdminDeliveryFilter, AdminPage, AdminPageQuery } from '../../../admin/admin-store.interface.js';
import { attemptsOf } from '../../../admin/delivery-attempt.js';
import { isRowId, isTaskId } from '../../../row-ids.js';
import { configKey } from '../keys.js';
import { type Sql, join, raw, sql } from '../sql.js';
import type { SqlDatabase } from '../sql-database.interface.js';
import { type SqlTime, timeOf } from '../task-row.js';

interface DeliveryRow {
  id: number;
  task_id: string;
  config_id: string;
  seq: number;
  url: string;
  attempts: number;
  due_at: SqlTime | null;
  dead_at: SqlTime | null;
  dead_reason: string | null;
  attempt_log: string | null;
}

/** Deliveries to webhooks of all owners, newest first. */
export async function adminDeliveries(
  db: SqlDatabase,
  filter: AdminDeliveryFilter,
  page: AdminPageQuery = {},
): Promise<AdminPage<AdminDeliveryRow>> {
  const list = listOf('deliveries', filter);
  const size = adminPageSize(page);
  const [after] = decodeCursor(page, list, [isRowId]) ?? [];
  if (filter.taskId !== undefined && !isTaskId(filter.taskId)) return { rows: [] };
  if (filter.id !== undefined && !isRowId(filter.id)) return { rows: [] };
  const rows = await db.query<DeliveryRow>(sql`
    select o.id, o.task_id, c.config_id, o.seq, c.url, o.attempts, q.due_at, o.dead_at, o.dead_reason, o.attempt_log
    from (
      select * from a2a_outbox o where ${matching(filter, after)} order by o.id desc limit ${size + 1}
    ) o
    join a2a_push_config c on c.task_id = o.task_id and c.config_key = o.config_key
    left join a2a_push_queue q on q.task_id = o.task_id and q.config_key = o.config_key
    order by o.id desc`);
  return adminPage(rows.map(toDelivery), size, list, ({ id }) => [id]);
}

function matching({ id, taskId, configId, state }: AdminDeliveryFilter, after: string | undefined): Sql {
  const all = [raw('1 = 1')];
  if (id !== undefined) all.push(sql`o.id = ${Number(id)}`);
  if (taskId !== undefined) all.push(sql`o.task_id = ${taskId}`);
  if (configId !== undefined) all.push(sql`o.config_key = ${configKey(configId)}`);
  if (state) all.push(raw(`o.dead_at is ${state === 'dead' ? 'not null' : 'null'}`));
  if (after !== undefined) all.push(sql`o.id < ${Number(after)}`);
  return join(all, ' and ');
}

const toDelivery = (row: DeliveryRow): AdminDeliveryRow => ({
  id: String(row.id),
  taskId: row.task_id,
  configId: row.config_id,
  seq: row.seq,
  url: row.url,
  attempts: row.attempts,
  ...(row.dead_at === null && row.due_at !== null && { dueAt: timeOf(row.due_at) }),
  ...(row.dead_at !== null && { deadAt: timeOf(row.dead_at) }),
  ...(row.dead_reason !== null && { deadReason: row.dead_reason }),
  attemptLog: attemptsOf(row.attempt_log),
});
