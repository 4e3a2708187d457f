import { adminPage, adminPageSize, decodeCursor, listOf } from '../../../admin/admin-cursor.js';
import type { AdminWebhookRow } from '../../../admin/admin-rows.js';
import {
  type AdminPage,
  type AdminPageQuery,
  type AdminWebhookFilter,
  OWED_LIMIT,
} from '../../../admin/admin-store.interface.js';
import { isTaskId } from '../../../row-ids.js';
import { ownerKey } from '../keys.js';
import { type Sql, join, raw, sql, timeValue } from '../sql.js';
import type { SqlDatabase } from '../sql-database.interface.js';
import { type SqlTime, timeOf } from '../task-row.js';

interface WebhookRow {
  task_id: string;
  config_key: string;
  config_id: string;
  agent: string;
  owner: string;
  tenant: string;
  url: string;
  wire_version: string;
  created_at: SqlTime;
  disabled_at: SqlTime | null;
  due_at: SqlTime | null;
}

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text)) && text.length === 24;

/** Webhooks of all owners. Their token and their credentials are not read. */
export async function adminWebhooks(
  db: SqlDatabase,
  filter: AdminWebhookFilter,
  page: AdminPageQuery = {},
): Promise<AdminPage<AdminWebhookRow>> {
  const list = listOf('webhooks', filter);
  const size = adminPageSize(page);
  const after = decodeCursor(page, list, [isTaskId, isTime]);
  if (filter.taskId !== undefined && !isTaskId(filter.taskId)) return { rows: [] };
  const rows = await db.query<WebhookRow>(sql`
    select c.task_id, c.config_key, c.config_id, t.agent, t.owner, t.tenant, c.url, c.wire_version, c.created_at,
      c.disabled_at, q.due_at
    from (
      select c.* from a2a_push_config c join a2a_task t on t.task_id = c.task_id where ${matching(filter, after)}
      order by c.task_id desc, c.created_at desc limit ${size + 1}
    ) c
    join a2a_task t on t.task_id = c.task_id
    left join a2a_push_queue q on q.task_id = c.task_id and q.config_key = c.config_key
    order by c.task_id desc, c.created_at desc`);
  // Most owe nothing, and are not asked about.
  const owing = rows.filter(({ due_at }) => due_at !== null);
  const owed = await countOf(db, owing, raw('o.dead_at is null'));
  const dead = await countOf(db, rows, raw('o.dead_at is not null'));
  const webhooks = rows.map((row) => toWebhook(row, owed.get(keyOf(row)) ?? 0, dead.get(keyOf(row)) ?? 0));
  return adminPage(webhooks, size, list, ({ taskId, createdAt }) => [taskId, createdAt]);
}

type Key = Pick<WebhookRow, 'task_id' | 'config_key'>;

const keyOf = ({ task_id, config_key }: Key): string => `${task_id} ${config_key}`;

/** Counts the deliveries of each webhook, up to its limit. */
async function countOf(db: SqlDatabase, rows: readonly Key[], which: Sql): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map();
  const parts = rows.map(
    ({ task_id, config_key }, index) => sql`
      select * from (
        select o.task_id, o.config_key from a2a_outbox o
        where o.task_id = ${task_id} and o.config_key = ${config_key} and ${which} limit ${OWED_LIMIT}
      ) ${raw(`part_${index}`)}`,
  );
  const counted = await db.query<Key & { n: number }>(sql`
    select counted.task_id, counted.config_key, count(*) as n from (${join(parts, ' union all ')}) counted
    group by counted.task_id, counted.config_key`);
  return new Map(counted.map((row) => [keyOf(row), Number(row.n)]));
}

/** No two webhooks of a task have the same time. */
function matching({ taskId, owner, disabled }: AdminWebhookFilter, after: readonly string[] | undefined): Sql {
  const all = [raw('1 = 1')];
  if (taskId !== undefined) all.push(sql`c.task_id = ${taskId}`);
  if (owner !== undefined) all.push(sql`t.owner_key = ${ownerKey({ owner })}`);
  if (disabled) all.push(raw('c.disabled_at is not null'));
  const [lastTask, lastTime] = after ?? [];
  if (lastTask !== undefined && lastTime !== undefined) {
    const earlier = sql`(c.task_id < ${lastTask} or c.created_at < ${timeValue(lastTime)})`;
    all.push(sql`c.task_id <= ${lastTask} and ${earlier}`);
  }
  return join(all, ' and ');
}

const toWebhook = (row: WebhookRow, owed: number, deadLetters: number): AdminWebhookRow => ({
  taskId: row.task_id,
  configId: row.config_id,
  agent: row.agent,
  owner: row.owner,
  tenant: row.tenant,
  url: row.url,
  protocolVersion: row.wire_version,
  createdAt: timeOf(row.created_at),
  owed,
  ...(row.due_at !== null && { dueAt: timeOf(row.due_at) }),
  deadLetters,
  ...(row.disabled_at !== null && { disabledAt: timeOf(row.disabled_at) }),
});
