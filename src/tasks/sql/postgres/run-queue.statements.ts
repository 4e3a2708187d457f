import { START_INCREMENTS } from '../../core/run-rules.js';
import { MAX_KINDS } from '../core/run-queue.js';
import { TASK_COLUMN_NAMES } from '../core/task-row.js';
import { NOW } from './postgres.dialect.js';

/** $3: the kind to start after, with its agent. Each kind costs one index lookup. */
const ALL_KINDS = `
  (select 1 as n, t.waits, t.agent, null::float8 as since from a2a_task t where t.waits > $3 order by t.waits limit 1)
  union all
  select k.n + 1, next.*, null from kind k
  cross join lateral (select t.waits, t.agent from a2a_task t where t.waits > k.waits order by t.waits limit 1) next
  where k.n < ${MAX_KINDS}`;

/** $3-$5: kinds, each with its agent and the time from which it is read, in ms of the epoch. */
const KNOWN_KINDS = `
  select k.n::int as n, k.waits, k.agent, k.since
  from unnest($3::text[], $4::text[], $5::float8[]) with ordinality as k(waits, agent, since, n)`;

/** Lower by the largest rounding error of the time. */
const SINCE = `and t.not_before >= to_timestamp(k.since / 1000 - 0.000002)`;

/**
 * One statement instead of one for each fifty kinds: it is sent whenever a slot gets free. $1, $2: agents, and how many due tasks of each of their kinds are read at most. A kind without due tasks has one row without a
 * task.
 */
const due = (kinds: string, since: string): string => `
with recursive kind as (${kinds}
)
select k.n, k.waits, k.agent, first.tenant, first.owner, first.task_id, first.since
from kind k
left join unnest($1::text[], $2::int[]) as a(agent, count) on a.agent = k.agent
left join lateral (
  select t.task_id, t.tenant, t.owner, extract(epoch from t.not_before)::float8 * 1000 as since from a2a_task t
  where t.waits = k.waits and t.not_before <= ${NOW} ${since}
  order by t.not_before, t.task_id
  limit coalesce(a.count, 0)
) first on true
order by k.n, first.since, first.task_id`;

export const DUE = due(ALL_KINDS, '');
export const DUE_OF_KNOWN = due(KNOWN_KINDS, SINCE);

const COUNTERS = Object.entries(START_INCREMENTS).map(([counter, more]) => `${counter} = t.${counter} + ${more}`);

/** $1: the replica that runs them; $2: tasks. Tasks that another replica is starting are skipped. */
export const START = `
update a2a_task t set run_owner = $1, not_before = null, waits = null, ${COUNTERS.join(', ')}
from (
  select t.task_id from a2a_task t where t.task_id = any($2::uuid[]) and t.waits is not null
  order by t.task_id for no key update skip locked
) free
where t.task_id = free.task_id
returning ${TASK_COLUMN_NAMES}`;
