import { START_INCREMENTS } from '../core/run-rules.js';
import { TASK_COLUMNS } from './task-row.js';

/** The predicate of the queue's partial index, word for word. */
const QUEUED = `t.run_owner is null and t.not_before is not null`;

/** How many kinds of queued tasks, that is (tenant, owner, agent), one read covers. The next read continues after them. */
export const MAX_KINDS = 500;

/** $3-$5: the kind to start after. Each kind costs one index lookup. */
const ALL_KINDS = `
  (select 1 as n, t.tenant, t.owner, t.agent, null::float8 as since from a2a_task t
   where ${QUEUED} and (t.tenant, t.owner, t.agent) > ($3, $4, $5)
   order by t.tenant, t.owner, t.agent limit 1)
  union all
  select k.n + 1, next.*, null from kind k
  cross join lateral (
    select t.tenant, t.owner, t.agent from a2a_task t
    where ${QUEUED} and (t.tenant, t.owner, t.agent) > (k.tenant, k.owner, k.agent)
    order by t.tenant, t.owner, t.agent limit 1
  ) next
  where k.n < ${MAX_KINDS}`;

/** $3-$6: kinds, each with the time from which it is read, in seconds. */
const KNOWN_KINDS = `
  select k.n::int as n, k.tenant, k.owner, k.agent, k.since
  from unnest($3::text[], $4::text[], $5::text[], $6::float8[]) with ordinality as k(tenant, owner, agent, since, n)`;

/** Lower by the largest rounding error of the time. */
const SINCE = `and t.not_before >= to_timestamp(k.since - 0.000002)`;

/**
 * $1, $2: agents, and how many due tasks of each of their kinds are read at most. A kind without due tasks has one row without a
 * task.
 */
const due = (kinds: string, since: string): string => `
with recursive kind as (${kinds}
)
select k.n, k.tenant, k.owner, k.agent, first.task_id, first.since
from kind k
left join unnest($1::text[], $2::int[]) as a(agent, count) on a.agent = k.agent
left join lateral (
  select t.task_id, extract(epoch from t.not_before)::float8 as since from a2a_task t
  where ${QUEUED} and t.tenant = k.tenant and t.owner = k.owner and t.agent = k.agent and t.not_before <= now() ${since}
  order by t.not_before, t.task_id
  limit coalesce(a.count, 0)
) first on true
order by k.n, first.since, first.task_id`;

export const DUE = due(ALL_KINDS, '');
export const DUE_OF_KNOWN = due(KNOWN_KINDS, SINCE);

const COUNTERS = Object.entries(START_INCREMENTS).map(([counter, more]) => `${counter} = t.${counter} + ${more}`);

/** $1: the replica that runs them; $2: tasks. Tasks that another replica is starting are skipped. */
export const START = `
update a2a_task t set run_owner = $1, not_before = null, ${COUNTERS.join(', ')}
from (
  select t.task_id from a2a_task t where t.task_id = any($2::uuid[]) and ${QUEUED}
  order by t.task_id for no key update skip locked
) free
where t.task_id = free.task_id
returning ${TASK_COLUMNS}`;

export const COUNT_QUEUED = `select count(*)::int as n from (select from a2a_task t where ${QUEUED} limit $1) queued`;

export const COUNT_QUEUED_OF = `
select count(*)::int as n
from (select from a2a_task t where ${QUEUED} and t.owner = $2 limit $1) queued`;
