import { fitting } from '../../core/delivery-rules.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from '../../event-row.js';
import type { OutboxEntry } from '../../outbox.interface.js';
import { CONFIG_COLUMNS, type PushConfigRow, toPushConfig } from '../../push-config-row.js';
import type { DueConfig } from './due-config.js';
import { NOW, SKIP_LOCKED, among, later, raw, sql } from './sql.js';
import type { SqlSession } from './sql-database.interface.js';

/** What an entry is made of: of the outbox `o`, its task `t`, event `e` and config `c`, and its queue. */
export const ENTRY_COLUMNS = `o.id, o.attempts, t.task_id, t.context_id, t.owner, t.tenant, t.agent, c.given_up, ${EVENT_COLUMNS}, ${CONFIG_COLUMNS}`;

export const ENTRY_JOINS = `
join a2a_task t on t.task_id = o.task_id
join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
join a2a_push_config c on c.task_id = o.task_id and c.config_key = o.config_key`;

export type EntryRow = EventRow &
  PushConfigRow & {
    id: number;
    attempts: number;
    given_up: number;
    followed: boolean | number;
    task_id: string;
    context_id: string;
    owner: string;
    tenant: string;
    agent: string;
  };

export const toEntry = (row: EntryRow): OutboxEntry => ({
  id: String(row.id),
  config: toPushConfig(row),
  scope: { owner: row.owner, tenant: row.tenant, agent: row.agent },
  attempts: row.attempts,
  givenUp: row.given_up,
  followed: Boolean(row.followed),
  event: toEvent({ taskId: row.task_id, contextId: row.context_id }, row),
});

/** A redrive may have been committed since the statement looked, so the queue of one is read once more. In this order for MySQL. */
const NOTHING_OWED = sql`due_at = case when redriven then ${NOW} end, redriven = false`;

/**
 * Of the outbox `o`: a newer event is owed. `queue`: alias of its queue. Behind a dead letter that is owed again, what was newest
 * may be delivered already.
 */
export const followed = (queue: string): string => `${queue}.owed_seq > o.seq and (not ${queue}.redriven or exists (
  select 1 from a2a_outbox n where n.task_id = o.task_id and n.config_key = o.config_key and n.dead_at is null and n.id > o.id))`;

/** Takes the oldest delivery of each of these configs that is still due, except deliveries that another taker has locked. */
export async function claimDue(
  session: SqlSession,
  chosen: readonly DueConfig[],
  leaseMs: number,
  maxBytes: number,
): Promise<OutboxEntry[]> {
  const due: (DueConfig & { readonly id: number | null })[] = [];
  for (const config of chosen) {
    const [row] = await session.query<{ id: number | null }>(sql`
      select (
        select o.id from a2a_outbox o
        where o.task_id = q.task_id and o.config_key = q.config_key and o.dead_at is null order by o.id limit 1
      ) as id
      from a2a_push_queue q
      where q.task_id = ${config.taskId} and q.config_key = ${config.key} and q.due_at <= ${NOW} ${SKIP_LOCKED}`);
    if (row) due.push({ ...config, id: row.id === null ? null : Number(row.id) });
  }
  const ids = due.flatMap(({ id }) => (id === null ? [] : [id]));
  const taken = new Set(await fittingIds(session, ids, maxBytes));
  for (const { taskId, key, id } of due) {
    if (id !== null && !taken.has(id)) continue;
    const change = id === null ? NOTHING_OWED : sql`due_at = ${later(leaseMs)}`;
    await session.run(sql`update a2a_push_queue set ${change} where task_id = ${taskId} and config_key = ${key}`);
  }
  return entriesOf(session, [...taken]);
}

/** The first entries whose events have `maxBytes` in total, and the entry that exceeds them; at least one. */
async function fittingIds(session: SqlSession, ids: readonly number[], maxBytes: number): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await session.query<{ id: number; bytes: number }>(sql`
    select o.id, e.bytes from a2a_outbox o join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
    where o.id ${among(ids)}`);
  const sizes = new Map(rows.map(({ id, bytes }) => [Number(id), bytes]));
  return fitting(ids, (id) => sizes.get(id) ?? 0, maxBytes);
}

async function entriesOf(session: SqlSession, ids: readonly number[]): Promise<OutboxEntry[]> {
  if (ids.length === 0) return [];
  const rows = await session.query<EntryRow>(sql`
    select ${raw(ENTRY_COLUMNS)}, (${raw(followed('q'))}) as followed
    from a2a_outbox o ${raw(ENTRY_JOINS)}
    join a2a_push_queue q on q.task_id = o.task_id and q.config_key = o.config_key
    where o.id ${among(ids)}`);
  const byId = new Map(rows.map((row) => [Number(row.id), row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row ? [toEntry(row)] : [];
  });
}
