import type { Outbox, OutboxEntry } from '../outbox.interface.js';
import type { Database } from './database.js';
import type { OwedSignal } from '../owed-signal.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from './event-row.js';
import { plainArray } from './pg-array.js';
import { CONFIG_COLUMNS, type PushConfigRow, toPushConfig } from './push-config-row.js';
import { isRowId } from './task-row.js';

/**
 * Of each config of a task only the oldest entry can be due, and it stays in the way of its successors until it is done or
 * buried. What another taker is locking is left to it.
 */
const TAKE = `
with due as (
  select o.id from a2a_outbox o
  where o.dead_at is null and o.due_at <= now()
    and not exists (
      select from a2a_outbox p
      where p.task_id = o.task_id and p.config_id = o.config_id and p.dead_at is null and p.id < o.id)
  order by o.due_at, o.id
  limit $1
  for update skip locked
), taken as (
  update a2a_outbox o set due_at = now() + $2::float8 * interval '1 ms' from due where o.id = due.id
  returning o.id, o.task_id, o.config_id, o.seq, o.attempts
)
select o.id, o.attempts, t.task_id, t.context_id, ${EVENT_COLUMNS}, ${CONFIG_COLUMNS}
from taken o
join a2a_task t on t.task_id = o.task_id
join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
join a2a_push_config c on c.task_id = o.task_id and c.config_id = o.config_id
order by o.id`;

const COMPLETE = `
with done as (delete from a2a_outbox where id = $1 and dead_at is null returning task_id, config_id)
update a2a_push_config c set given_up = 0 from done
where c.task_id = done.task_id and c.config_id = done.config_id and c.given_up > 0`;

const RELEASE = `
update a2a_outbox set due_at = now() + $2::float8 * interval '1 ms' where id = any($1::bigint[]) and dead_at is null`;

const RETRY = `
update a2a_outbox set attempts = attempts + 1, due_at = now() + $2::float8 * interval '1 ms'
where id = $1 and dead_at is null`;

const BURY = `
with dead as (
  update a2a_outbox set dead_at = now(), dead_reason = $2 where id = $1 and dead_at is null returning task_id, config_id
)
update a2a_push_config c set given_up = c.given_up + 1 from dead
where c.task_id = dead.task_id and c.config_id = dead.config_id
returning c.given_up`;

type TakenRow = EventRow & PushConfigRow & { id: number; attempts: number; task_id: string; context_id: string };

export class TypeOrmOutbox implements Outbox {
  constructor(
    private readonly db: Database,
    private readonly owed: OwedSignal,
  ) {}

  async take(limit: number, leaseMs: number): Promise<OutboxEntry[]> {
    const rows = await this.db.query<TakenRow>(TAKE, [limit, leaseMs]);
    return rows.map((row) => ({
      id: String(row.id),
      config: toPushConfig(row),
      attempts: row.attempts,
      event: toEvent({ taskId: row.task_id, contextId: row.context_id }, row),
    }));
  }

  async complete(id: string): Promise<void> {
    if (isRowId(id)) await this.db.query(COMPLETE, [id]);
  }

  async release(ids: readonly string[], delayMs: number): Promise<void> {
    const known = ids.filter(isRowId);
    if (known.length > 0) await this.db.query(RELEASE, [plainArray(known), delayMs]);
  }

  async retry(id: string, delayMs: number): Promise<void> {
    if (isRowId(id)) await this.db.query(RETRY, [id, delayMs]);
  }

  async bury(id: string, reason: string): Promise<number> {
    if (!isRowId(id)) return 0;
    const [row] = await this.db.query<{ given_up: number }>(BURY, [id, reason.replaceAll('\0', '\uFFFD')]);
    return row?.given_up ?? 0;
  }

  onOwed(listener: () => void): () => void {
    return this.owed.onRing(listener);
  }
}
