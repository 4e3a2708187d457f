import { EVENT_COLUMNS, KIND_CODES } from '../event-row.js';
import { CONFIG_COLUMNS } from '../push-config-row.js';

const PLACE = `q.task_id, q.config_id, q.owner, q.host, extract(epoch from q.due_at)::float8 * 1000 as due_at`;

/** One row per config that is due. Fewer than $1 rows: there are no more. */
export const DUE = `select ${PLACE} from a2a_push_queue q where q.due_at <= now() order by q.due_at limit $1`;

/** How many pairs of owner and host one page covers. */
const PAGE_LANES = 200;

/**
 * The first $3 of each pair of owner and host, starting at the pair ($1, $2). Each pair costs one index lookup, however much is
 * owed to it. A pair with nothing due has one row without a task. The last pair only says where the next page starts.
 */
export const DUE_OF_LANES = `
with recursive lane as (
  (select 1 as n, q.owner, q.host from a2a_push_queue q
   where q.due_at is not null and (q.owner, q.host) >= ($1, $2) order by q.owner, q.host limit 1)
  union all
  select lane.n + 1, next.* from lane
  cross join lateral (
    select q.owner, q.host from a2a_push_queue q
    where q.due_at is not null and (q.owner, q.host) > (lane.owner, lane.host) order by q.owner, q.host limit 1
  ) next
  where lane.n <= ${PAGE_LANES}
)
select lane.owner, lane.host, lane.n > ${PAGE_LANES} as beyond, first.task_id, first.config_id, first.due_at
from lane
left join lateral (
  select ${PLACE} from a2a_push_queue q
  where q.owner = lane.owner and q.host = lane.host and q.due_at <= now() and lane.n <= ${PAGE_LANES}
  order by q.due_at limit $3
) first on true
order by lane.n`;

/**
 * Takes the oldest delivery of each of these configs ($1, $2) that is still due, except deliveries that another taker has locked.
 * $4: bytes of events after which no more are taken; the first event does not count.
 */
export const TAKE = `
with due as materialized (
  select q.task_id, q.config_id, w.n
  from unnest($1::uuid[], $2::text[]) with ordinality as w(task_id, config_id, n)
  join a2a_push_queue q on q.task_id = w.task_id and q.config_id = w.config_id
  where q.due_at <= now()
  for update of q skip locked
), head as (
  select due.task_id, due.config_id, due.n, o.id, o.seq, o.attempts,
    coalesce(sum(e.bytes) over (order by due.n rows between unbounded preceding and 1 preceding), 0) as before
  from due
  left join lateral (
    select o.id, o.seq, o.attempts from a2a_outbox o
    where o.task_id = due.task_id and o.config_id = due.config_id and o.dead_at is null
    order by o.id limit 1) o on true
  left join a2a_event e on e.task_id = due.task_id and e.seq = o.seq
), taken as (
  update a2a_push_queue q set due_at = case when head.id is not null then now() + $3::float8 * interval '1 ms' end
  from head
  where q.task_id = head.task_id and q.config_id = head.config_id and head.before < $4
  returning q.task_id, q.config_id, q.owed_seq, head.n, head.id, head.seq, head.attempts
)
select o.id, o.attempts, o.owed_seq > o.seq as followed, t.task_id, t.context_id, t.owner, t.tenant, t.agent,
  ${EVENT_COLUMNS}, ${CONFIG_COLUMNS}, c.given_up
from taken o
join a2a_task t on t.task_id = o.task_id
join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
join a2a_push_config c on c.task_id = o.task_id and c.config_id = o.config_id
order by o.n`;

/**
 * The next delivery is due immediately, if there is one. The queue's row decides: it is current, even if this statement's snapshot
 * is older.
 */
const NEXT = 'case when q.owed_seq > o.seq then now() end';

const QUEUE = 'q.task_id = o.task_id and q.config_id = o.config_id';

const COMPLETED = `
, queue as (update a2a_push_queue q set due_at = ${NEXT} from o where ${QUEUE}),
  config as (update a2a_push_config q set given_up = 0 from o where ${QUEUE} and q.given_up > 0)
select o.id::text as id from o`;

export const COMPLETE = `
with o as (delete from a2a_outbox where id = $1 and dead_at is null returning id, task_id, config_id, seq)${COMPLETED}`;

/** Completes many entries at once, each of another config. It waits for no lock: two such statements could deadlock. */
export const COMPLETE_MANY = `
with free as materialized (
  select o.id from a2a_outbox o join a2a_push_queue q on ${QUEUE}
  where o.id = any($1::bigint[]) and o.dead_at is null
  for update of o, q skip locked
), o as (
  delete from a2a_outbox where id in (select id from free) returning id, task_id, config_id, seq
)${COMPLETED}`;

const { artifact, artifactWithMetadata } = KIND_CODES;

export const SKIP_FOLLOWED = `
with entry as (
  select task_id, config_id, id from a2a_outbox where id = $1 and dead_at is null
), kept as (
  select coalesce(min(o.id) filter (where e.kind not in (${artifact}, ${artifactWithMetadata})), max(o.id)) as id
  from entry
  join a2a_outbox o on o.task_id = entry.task_id and o.config_id = entry.config_id and o.dead_at is null
  join a2a_event e on e.task_id = o.task_id and e.seq = o.seq
), skipped as (
  delete from a2a_outbox o using entry, kept
  where o.task_id = entry.task_id and o.config_id = entry.config_id and o.dead_at is null and o.id < kept.id
)
update a2a_push_queue q set due_at = now() from entry o where ${QUEUE}`;

export const RELEASE = `
update a2a_push_queue q set due_at = now() + $2::float8 * interval '1 ms' from a2a_outbox o
where o.id = any($1::bigint[]) and o.dead_at is null and ${QUEUE}`;

/** $3: the attempts before this one. An entry that has one more was already updated. */
export const RETRY = `
with o as (
  update a2a_outbox set attempts = $3::int + 1 where id = $1 and dead_at is null and attempts = $3::int
  returning task_id, config_id
)
update a2a_push_queue q set due_at = now() + $2::float8 * interval '1 ms' from o where ${QUEUE}`;

export const BURY = `
with o as (
  update a2a_outbox set dead_at = now(), dead_reason = $2 where id = $1 and dead_at is null
  returning task_id, config_id, seq
), queue as (update a2a_push_queue q set due_at = ${NEXT} from o where ${QUEUE})
update a2a_push_config q set given_up = q.given_up + 1 from o where ${QUEUE}
returning q.given_up`;

/** For an entry that is already dead-lettered. */
export const BURIED = `
select q.given_up from a2a_push_config q join a2a_outbox o on ${QUEUE} where o.id = $1 and o.dead_at is not null`;
