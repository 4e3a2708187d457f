import type { Outbox, OutboxEntry } from '../outbox.interface.js';
import type { Database } from './database.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from './event-row.js';
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
select o.id, o.config_id, o.attempts, t.task_id, t.context_id, ${EVENT_COLUMNS}
from taken o
join a2a_task t on t.task_id = o.task_id
join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
order by o.id`;

const COMPLETE = `delete from a2a_outbox where id = $1 and dead_at is null`;

const RETRY = `
update a2a_outbox set attempts = attempts + 1, due_at = now() + $2::float8 * interval '1 ms'
where id = $1 and dead_at is null`;

const BURY = `update a2a_outbox set dead_at = now(), dead_reason = $2 where id = $1 and dead_at is null`;

type TakenRow = EventRow & { id: number; config_id: string; attempts: number; task_id: string; context_id: string };

export class TypeOrmOutbox implements Outbox {
  constructor(private readonly db: Database) {}

  async take(limit: number, leaseMs: number): Promise<OutboxEntry[]> {
    const rows = await this.db.query<TakenRow>(TAKE, [limit, leaseMs]);
    return rows.map((row) => ({
      id: String(row.id),
      configId: row.config_id,
      attempts: row.attempts,
      event: toEvent({ taskId: row.task_id, contextId: row.context_id }, row),
    }));
  }

  complete(id: string): Promise<void> {
    return this.#change(COMPLETE, id);
  }

  retry(id: string, delayMs: number): Promise<void> {
    return this.#change(RETRY, id, delayMs);
  }

  bury(id: string, reason: string): Promise<void> {
    return this.#change(BURY, id, reason.replaceAll('\0', '\uFFFD'));
  }

  async #change(sql: string, id: string, ...values: unknown[]): Promise<void> {
    if (isRowId(id)) await this.db.query(sql, [id, ...values]);
  }
}
