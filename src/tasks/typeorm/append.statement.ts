import { isPushed } from '../is-pushed.js';
import type { PendingEvent } from '../pending-event.js';
import type { RunAppend } from '../task-store.interface.js';
import { kindCode } from '../event-row.js';
import { jsonArray, plainArray } from './pg-array.js';
import { isRowId } from './task-row.js';
import { RESTING_SQL, TERMINAL_SQL, toStored } from '../task-states.js';
import { statusNow } from '../status-clock.js';

/** $1-$10: arrays with one element per run. */
const RUNS = `
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[],
                       $9::text[], $10::timestamptz[])
    with ordinality as r(task_id, owner, tenant, agent, fence, lo, hi, bytes, state, status_at, run)`;

/**
 * The only way to append to a log: a batch of many runs in one statement. A run whose row update is refused (an old fence, another
 * last_seq, a terminal task, a foreign scope) writes nothing at all. The row lock serialises the append against a change of owner.
 * The row itself lists the webhooks that events are owed to, since it is read under its lock. `task_id = any($1)` repeats what the
 * join says: it keeps every plan on the index.
 */
export const APPEND = `
with run as materialized (${RUNS}
), ok as (
  update a2a_task t set
    last_seq = run.hi,
    bytes = t.bytes + run.bytes,
    state = coalesce(run.state, t.state),
    status_at = coalesce(run.status_at, t.status_at),
    run_owner = case when run.state in ${TERMINAL_SQL} then null else t.run_owner end,
    rested_at = case when run.state is null then t.rested_at when run.state in ${RESTING_SQL} then now() end
  from run
  where t.task_id = run.task_id and t.task_id = any($1::uuid[])
    and t.owner = run.owner and t.tenant = run.tenant and t.agent = run.agent
    and t.fence = run.fence and t.last_seq = run.lo - 1 and t.state not in ${TERMINAL_SQL}
  returning run.run, t.task_id, t.fence, t.push_configs
), event as (
  insert into a2a_event (task_id, seq, fence, kind, state, bytes, data, inbound, request)
  select ok.task_id, e.seq, ok.fence, e.kind, e.state, e.bytes, e.data, e.inbound, e.request
  from unnest($11::int[], $12::bigint[], $13::smallint[], $14::text[], $15::int[], $16::json[], $17::json[], $21::json[])
    as e(run, seq, kind, state, bytes, data, inbound, request)
  join ok on ok.run = e.run
), consumed as (
  delete from a2a_inbox i using ok
  where i.id = any($18::bigint[]) and i.task_id = ok.task_id
), owed as (
  insert into a2a_outbox (task_id, seq, config_id)
  select ok.task_id, p.seq, c.config_id
  from ok
  join unnest($19::int[], $20::bigint[]) as p(run, seq) on p.run = ok.run
  cross join unnest(ok.push_configs) as c(config_id)
  order by ok.task_id, p.seq
), queue as (
  insert into a2a_push_queue as q (task_id, config_id, owed_seq, due_at)
  select ok.task_id, c.config_id, p.seq, now()
  from ok
  join (select run, max(seq) as seq from unnest($19::int[], $20::bigint[]) as p(run, seq) group by run) p on p.run = ok.run
  cross join unnest(ok.push_configs) as c(config_id)
  on conflict (task_id, config_id) do update set owed_seq = excluded.owed_seq, due_at = coalesce(q.due_at, now())
)
select run, push_configs is not null as owes from ok`;

/** Returns the rows of refused runs, and whether the log already holds what those runs wanted to write. */
export const EXPLAIN = `
with run as materialized (
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::json[])
    with ordinality as r(task_id, owner, tenant, agent, fence, hi, data, run))
select run.run, t.state, t.fence, t.last_seq,
  coalesce(e.fence = run.fence and e.data::text = run.data::text, false) as written
from run
left join a2a_task t on t.task_id = run.task_id and t.task_id = any($1::uuid[])
  and t.owner = run.owner and t.tenant = run.tenant and t.agent = run.agent
left join a2a_event e on e.task_id = t.task_id and e.seq = run.hi
order by run.run`;

/** Which tasks another session has locked. */
export const LOCKED = `
with free as materialized (
  select task_id from a2a_task where task_id = any($1::uuid[]) for no key update skip locked)
select t.task_id from a2a_task t
where t.task_id = any($1::uuid[]) and not exists (select from free where free.task_id = t.task_id)`;

export interface Explanation {
  run: number;
  /** null: no such task in this scope. */
  state: string | null;
  fence: number;
  last_seq: number;
  written: boolean;
}

const sum = (events: readonly PendingEvent[]): number => events.reduce((bytes, event) => bytes + event.bytes, 0);
const hi = (append: RunAppend): number => append.firstSeq + append.events.length - 1;

/** Parameters of APPEND. */
export function appendValues(appends: readonly RunAppend[]): unknown[] {
  const runs = appends.map(({ run }) => run);
  const statuses = appends.map(({ events }) => events.findLast((event) => event.state !== undefined));
  const events = appends.flatMap((append, index) =>
    append.events.map((event, offset) => ({ event, run: index + 1, seq: append.firstSeq + offset })),
  );
  const pushed = events.filter(({ event }) => isPushed(event));
  return [
    plainArray(runs.map((run) => run.taskId)),
    runs.map((run) => run.owner),
    runs.map((run) => run.tenant),
    runs.map((run) => run.agent),
    plainArray(runs.map((run) => run.fence)),
    plainArray(appends.map((append) => append.firstSeq)),
    plainArray(appends.map(hi)),
    plainArray(appends.map((append) => sum(append.events))),
    statuses.map((status) => status?.state && toStored(status.state)),
    statuses.map((status) => status && (status.statusAt ?? statusNow())),
    plainArray(events.map(({ run }) => run)),
    plainArray(events.map(({ seq }) => seq)),
    plainArray(events.map(({ event }) => kindCode(event))),
    plainArray(events.map(({ event }) => (event.state ? toStored(event.state) : null))),
    plainArray(events.map(({ event }) => event.bytes)),
    jsonArray(events.map(({ event }) => event.data)),
    jsonArray(events.map(({ event }) => event.inbound)),
    plainArray(appends.flatMap(({ consumes }) => (consumes !== undefined && isRowId(consumes) ? [consumes] : []))),
    plainArray(pushed.map(({ run }) => run)),
    plainArray(pushed.map(({ seq }) => seq)),
    jsonArray(events.map(({ event }) => event.request)),
  ];
}

/** Parameters of EXPLAIN. */
export function explainValues(appends: readonly RunAppend[]): unknown[] {
  const runs = appends.map(({ run }) => run);
  return [
    plainArray(runs.map((run) => run.taskId)),
    runs.map((run) => run.owner),
    runs.map((run) => run.tenant),
    runs.map((run) => run.agent),
    plainArray(runs.map((run) => run.fence)),
    plainArray(appends.map(hi)),
    jsonArray(appends.map((append) => append.events.at(-1)?.data)),
  ];
}
