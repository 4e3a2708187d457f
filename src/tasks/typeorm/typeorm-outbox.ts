import type { Outbox, OutboxEntry } from '../outbox.interface.js';
import type { Database } from './database.js';
import type { OwedSignal } from '../owed-signal.js';
import { EVENT_COLUMNS, type EventRow, toEvent } from '../event-row.js';
import { plainArray } from './pg-array.js';
import { CONFIG_COLUMNS, type PushConfigRow, toPushConfig } from '../push-config-row.js';
import { isRowId } from './task-row.js';

/**
 * Looks at one row per config that is due, and at the oldest delivery of each. What another taker is locking is left to it. $3:
 * bytes of events, after which no more are taken; those of the first do not count.
 */
export const TAKE = `
with due as materialized (
  select q.task_id, q.config_id, q.due_at from a2a_push_queue q
  where q.due_at <= now()
  order by q.due_at limit $1
  for update skip locked
), head as (
  select due.task_id, due.config_id, o.id, o.seq, o.attempts,
    coalesce(sum(e.bytes) over (order by due.due_at, o.id rows between unbounded preceding and 1 preceding), 0) as before
  from due
  left join lateral (
    select o.id, o.seq, o.attempts from a2a_outbox o
    where o.task_id = due.task_id and o.config_id = due.config_id and o.dead_at is null
    order by o.id limit 1) o on true
  left join a2a_event e on e.task_id = due.task_id and e.seq = o.seq
), taken as (
  update a2a_push_queue q set due_at = case when head.id is not null then now() + $2::float8 * interval '1 ms' end
  from head
  where q.task_id = head.task_id and q.config_id = head.config_id and head.before < $3
  returning q.task_id, q.config_id, head.id, head.seq, head.attempts
)
select o.id, o.attempts, t.task_id, t.context_id, ${EVENT_COLUMNS}, ${CONFIG_COLUMNS}
from taken o
join a2a_task t on t.task_id = o.task_id
join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
join a2a_push_config c on c.task_id = o.task_id and c.config_id = o.config_id
order by o.id`;

/** The next is due at once, if there is one: the queue's row says so as it is now, whatever this statement may see of it. */
const NEXT = 'case when q.owed_seq > o.seq then now() end';

const QUEUE = 'q.task_id = o.task_id and q.config_id = o.config_id';

const COMPLETE = `
with o as (delete from a2a_outbox where id = $1 and dead_at is null returning task_id, config_id, seq),
  queue as (update a2a_push_queue q set due_at = ${NEXT} from o where ${QUEUE})
update a2a_push_config q set given_up = 0 from o where ${QUEUE} and q.given_up > 0`;

const RELEASE = `
update a2a_push_queue q set due_at = now() + $2::float8 * interval '1 ms' from a2a_outbox o
where o.id = any($1::bigint[]) and o.dead_at is null and ${QUEUE}`;

const RETRY = `
with o as (
  update a2a_outbox set attempts = attempts + 1 where id = $1 and dead_at is null returning task_id, config_id
)
update a2a_push_queue q set due_at = now() + $2::float8 * interval '1 ms' from o where ${QUEUE}`;

const BURY = `
with o as (
  update a2a_outbox set dead_at = now(), dead_reason = $2 where id = $1 and dead_at is null
  returning task_id, config_id, seq
), queue as (update a2a_push_queue q set due_at = ${NEXT} from o where ${QUEUE})
update a2a_push_config q set given_up = q.given_up + 1 from o where ${QUEUE}
returning q.given_up`;

type TakenRow = EventRow & PushConfigRow & { id: number; attempts: number; task_id: string; context_id: string };

export class TypeOrmOutbox implements Outbox {
  constructor(
    private readonly db: Database,
    private readonly owed: OwedSignal,
  ) {}

  async take(limit: number, leaseMs: number, maxBytes = Number.MAX_SAFE_INTEGER): Promise<OutboxEntry[]> {
    const rows = await this.db.query<TakenRow>(TAKE, [limit, leaseMs, maxBytes]);
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
