import { TERMINAL_SQL } from '../task-states.js';
import { TASK_COLUMNS } from './task-row.js';

/** What the partial index of the line says, in its words. */
const WAITS = `t.run_owner is null and t.not_before is not null`;

/** Kinds of waiting tasks, that is (tenant, owner, agent), that one claim looks at; the next claim goes on behind them. */
export const MAX_KINDS = 500;
/** Tasks of a kind that are looked at for each that is wanted: another replica may be taking the first of them. */
const SPARE = 4;

/** $10-$12: the kind to begin behind. Each kind costs a jump in the index. */
const ALL_KINDS = `
  (select 1 as n, t.tenant, t.owner, t.agent, null::float8 as since from a2a_task t
   where ${WAITS} and (t.tenant, t.owner, t.agent) > ($10, $11, $12)
   order by t.tenant, t.owner, t.agent limit 1)
  union all
  select k.n + 1, next.*, null from kind k
  cross join lateral (
    select t.tenant, t.owner, t.agent from a2a_task t
    where ${WAITS} and (t.tenant, t.owner, t.agent) > (k.tenant, k.owner, k.agent)
    order by t.tenant, t.owner, t.agent limit 1
  ) next
  where k.n < ${MAX_KINDS}`;

/** $10-$13: kinds, each with the time from which on it is looked at, in seconds. */
const KNOWN_KINDS = `
  select k.n::int as n, k.tenant, k.owner, k.agent, k.since
  from unnest($10::text[], $11::text[], $12::text[], $13::float8[]) with ordinality as k(tenant, owner, agent, since, n)`;

/** Lower by what the rounding of the time may be. */
const SINCE = `and t.not_before >= to_timestamp(k.since - 0.000002)`;

/** Of the first row: the first time of each kind that was looked at. */
const SEEN = `case when row_number() over (order by t.place, t.again, t.owner_served, t.due, t.task_id) = 1 then (
  select json_agg(json_build_array(s.tenant, s.owner, s.agent, s.since)) from (
    select tenant, owner, agent, extract(epoch from min(not_before))::float8 as since from candidate group by tenant, owner, agent
  ) s) end`;

interface Look {
  readonly kinds: string;
  readonly since: string;
  readonly seen: string;
}

/**
 * $2: how many; $3, $4: agents and their room; $5-$7: what runs here, served longest ago first; $8, $9: the limits of a tenant and an owner.
 * Each kind with room costs a look at its first tasks. Limits are
 * counted as if nothing were skipped, so that they are kept whatever is. Answered in the order in which they are taken.
 */
const claimWaiting = ({ kinds, since, seen }: Look): string => `
with recursive agent as (
  select * from unnest($3::text[], $4::int[]) as a(agent, room)
), running as (
  select * from unnest($5::text[], $6::text[], $7::int[]) with ordinality as r(tenant, owner, runs, served)
), running_owner as (
  select owner, sum(runs)::int as runs, max(served) as served from running group by owner
), kind as (${kinds}
), candidate as (
  select k.tenant, k.owner, k.agent, a.room, first.task_id, first.not_before,
    coalesce(r.runs, 0) as runs, coalesce(r.served, 0) as served, coalesce(ro.runs, 0) as owner_runs,
    coalesce(ro.served, 0) as owner_served, coalesce(rt.runs, 0) as tenant_runs
  from kind k
  join agent a on a.agent = k.agent
  left join running r on r.tenant = k.tenant and r.owner = k.owner
  left join running_owner ro on ro.owner = k.owner
  left join (select tenant, sum(runs) as runs from running group by tenant) rt on rt.tenant = k.tenant
  cross join lateral (
    select t.task_id, t.not_before from a2a_task t
    where ${WAITS} and t.tenant = k.tenant and t.owner = k.owner and t.agent = k.agent and t.not_before <= now() ${since}
    order by t.not_before, t.task_id
    limit ${SPARE} * greatest(0, least($2::int, a.room, $8::int - coalesce(rt.runs, 0), $9::int - coalesce(ro.runs, 0)))
  ) first
), in_tenant as (
  select c.*, row_number() over (partition by c.tenant, c.owner order by c.not_before, c.task_id) as nth
  from candidate c
), in_owner as (
  select i.*, row_number() over (
    partition by i.owner order by i.runs + i.nth, i.nth > 1, i.served, i.not_before, i.task_id) as nth_of_owner
  from in_tenant i
), placed as (
  select i.*, i.owner_runs + i.nth_of_owner as place, i.nth_of_owner > 1 as again
  from in_owner i
), allowed as (
  select p.*,
    row_number() over (partition by p.tenant order by p.place, p.again, p.owner_served, p.not_before, p.task_id) as of_tenant,
    row_number() over (partition by p.agent order by p.place, p.again, p.owner_served, p.not_before, p.task_id) as of_agent
  from placed p
), line as (
  select t.task_id, a.place, a.again, a.owner_served, a.not_before
  from allowed a
  join a2a_task t on t.task_id = a.task_id and ${WAITS}
  where a.place <= $9::int and a.tenant_runs + a.of_tenant <= $8::int and a.of_agent <= a.room
  order by a.place, a.again, a.owner_served, a.not_before, a.task_id
  limit $2::int
  for no key update of t skip locked
), claimed as (
  update a2a_task t set run_owner = $1, fence = t.fence + 1, not_before = null, attempt = t.attempt + 1
  where t.task_id in (select task_id from line) and t.state not in ${TERMINAL_SQL}
  returning t.*)
select ${TASK_COLUMNS}, (select max(n) from kind) as kinds, last.tenant as last_tenant, last.owner as last_owner, last.agent as last_agent,
  ${seen} as seen
from (select * from kind order by n desc limit 1) last
left join (select c.*, l.place, l.again, l.owner_served, l.not_before as due from claimed c join line l on l.task_id = c.task_id) t on true
order by t.place, t.again, t.owner_served, t.due, t.task_id`;

export const CLAIM_WAITING = claimWaiting({
  kinds: ALL_KINDS,
  since: '',
  seen: 'null',
});
export const CLAIM_AND_SEE = claimWaiting({
  kinds: ALL_KINDS,
  since: '',
  seen: SEEN,
});
export const CLAIM_KNOWN = claimWaiting({
  kinds: KNOWN_KINDS,
  since: SINCE,
  seen: SEEN,
});

export const COUNT_WAITING = `select count(*)::int as n from (select from a2a_task t where ${WAITS} limit $1) waiting`;

export const COUNT_WAITING_OF = `
select count(*)::int as n
from (select from a2a_task t where ${WAITS} and t.owner = $2 limit $1) waiting`;
