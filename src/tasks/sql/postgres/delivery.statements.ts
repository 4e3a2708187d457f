import { COMPLETED } from '../../core/delivery-rules.js';
import { ENTRY_COLUMNS, ENTRY_JOINS, followed } from '../core/claim-due.js';
import { BEHIND } from '../core/decide-on-delivery.js';
import { NOW } from './postgres.dialect.js';

const PLACE = `q.task_id, q.config_key, q.owner, q.host, q.due_at`;

// A webhook that is fast gets hundreds of deliveries a second: each is taken and completed in one statement.

/** One row per config that is due. Fewer than $1 rows: there are no more. */
export const DUE = `select ${PLACE} from a2a_push_queue q where q.due_at <= ${NOW} order by q.due_at limit $1`;

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
select lane.owner, lane.host, lane.n > ${PAGE_LANES} as beyond, first.task_id, first.config_key, first.due_at
from lane
left join lateral (
  select ${PLACE} from a2a_push_queue q
  where q.owner = lane.owner and q.host = lane.host and q.due_at <= ${NOW} and lane.n <= ${PAGE_LANES}
  order by q.due_at limit $3
) first on true
order by lane.n`;

/**
 * Takes the oldest delivery of each of these configs ($1, $2) that is still due, except deliveries that another taker has locked.
 * $4: bytes of events after which no more are taken; the first event does not count.
 */
export const TAKE = `
with due as materialized (
  select q.task_id, q.config_key, w.n
  from unnest($1::uuid[], $2::text[]) with ordinality as w(task_id, config_key, n)
  join a2a_push_queue q on q.task_id = w.task_id and q.config_key = w.config_key
  where q.due_at <= ${NOW}
  for update of q skip locked
), head as (
  select due.task_id, due.config_key, due.n, o.id, o.seq, o.attempts,
    coalesce(sum(e.bytes) over (order by due.n rows between unbounded preceding and 1 preceding), 0) as before
  from due
  left join lateral (
    select o.id, o.seq, o.attempts from a2a_outbox o
    where o.task_id = due.task_id and o.config_key = due.config_key and o.dead_at is null
    order by o.id limit 1) o on true
  left join a2a_event e on e.task_id = due.task_id and e.seq = o.seq
), taken as (
  update a2a_push_queue q set due_at = case when head.id is not null then ${NOW} + $3::float8 * interval '1 ms' when q.redriven then ${NOW} end,
    redriven = q.redriven and head.id is not null
  from head
  where q.task_id = head.task_id and q.config_key = head.config_key and head.before < $4
  returning q.task_id, q.config_key, q.owed_seq, q.redriven, head.n, head.id, head.seq, head.attempts
)
select ${ENTRY_COLUMNS}, ${followed('o')} as followed from taken o ${ENTRY_JOINS}
order by o.n`;

/**
 * The next delivery is due at once, if there is one, unless it is older: then it may be under way. The queue's row decides: it is
 * current, even if this statement's snapshot is older.
 */
const NEXT = `case when q.redriven and ${BEHIND} then q.due_at when q.owed_seq > o.seq or q.redriven then ${NOW} end`;

const QUEUE = 'q.task_id = o.task_id and q.config_key = o.config_key';

/** Applies COMPLETED to the deleted deliveries `o`. */
const AND_NEXT = `
, queue as (update a2a_push_queue q set due_at = ${NEXT} from o where ${QUEUE}),
  config as (update a2a_push_config q set given_up = ${COMPLETED.givenUp} from o where ${QUEUE} and q.given_up <> ${COMPLETED.givenUp})
select o.id::text as id from o`;

export const COMPLETE = `
with o as (delete from a2a_outbox where id = $1 and dead_at is null returning id, task_id, config_key, seq)${AND_NEXT}`;

/** Completes many entries at once, each of another config. It waits for no lock: two such statements could deadlock. */
export const COMPLETE_MANY = `
with free as materialized (
  select o.id from a2a_outbox o join a2a_push_queue q on ${QUEUE}
  where o.id = any($1::bigint[]) and o.dead_at is null
  for update of o, q skip locked
), o as (
  delete from a2a_outbox where id in (select id from free) returning id, task_id, config_key, seq
)${AND_NEXT}`;
