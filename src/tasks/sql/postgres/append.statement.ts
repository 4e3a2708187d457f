import { isPushed } from '../../is-pushed.js';
import type { PendingEvent } from '../../pending-event.js';
import type { RunAppend } from '../../task-store.interface.js';
import { kindCode } from '../../event-row.js';
import { jsonArray, plainArray } from './pg-array.js';
import { isRowId } from '../../row-ids.js';
import { RESTING_SQL, TERMINAL_SQL, toStored } from '../../task-states.js';
import { scopeKey } from '../core/keys.js';
import { NOW } from './postgres.dialect.js';
import { statusNow } from '../../status-clock.js';

/** $1-$10: arrays with one element per run. */
const RUNS = `
  select * from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::timestamptz[],
                       $9::bigint[], $10::text[])
    with ordinality as r(task_id, scope, fence, lo, hi, bytes, state, status_at, begun, reason, run)`;

/**
 * The only way to append to a log: a batch of many runs in one statement, since each chunk of each stream goes this way. As a
 * transaction of the statements of all databases it takes several times as long, and locks rows for as long. A run whose row update is refused (an old fence, another
 * last_seq, a terminal task, a foreign scope) writes nothing at all. The row lock serialises the append against a change of owner.
 * The row itself lists the webhooks that events are owed to, since it is read under its lock; their queues are there, but an update
 * would not see one that was committed while this statement waited. `task_id = any($1)` repeats what the
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
    begun_seq = coalesce(run.begun, t.begun_seq),
    reason = case when run.state is null then t.reason else run.reason end,
    run_owner = case when run.state in ${TERMINAL_SQL} then null else t.run_owner end,
    rested_at = case when run.state is null then t.rested_at when run.state in ${RESTING_SQL} then ${NOW} end
  from run
  where t.task_id = run.task_id and t.task_id = any($1::uuid[])
    and t.scope = run.scope
    and t.fence = run.fence and t.last_seq = run.lo - 1 and t.state not in ${TERMINAL_SQL}
  returning run.run, t.task_id, t.fence, t.push_configs
), event as (
  insert into a2a_event (task_id, seq, fence, kind, state, bytes, data, inbound, request, at)
  select ok.task_id, e.seq, ok.fence, e.kind, e.state, e.bytes, e.data, e.inbound, e.request, ${NOW}
  from unnest($11::int[], $12::bigint[], $13::int[], $14::text[], $15::int[], $16::json[], $17::json[], $18::json[])
    as e(run, seq, kind, state, bytes, data, inbound, request)
  join ok on ok.run = e.run
), consumed as (
  delete from a2a_inbox i using ok
  where i.id = any($19::bigint[]) and i.task_id = ok.task_id
), owed as (
  insert into a2a_outbox (task_id, seq, config_key)
  select ok.task_id, p.seq, c.config_key
  from ok
  join unnest($20::int[], $21::bigint[]) as p(run, seq) on p.run = ok.run
  cross join unnest(string_to_array(ok.push_configs, ',')) as c(config_key)
  order by ok.task_id, p.seq
), queue as (
  insert into a2a_push_queue as q (task_id, config_key, owner, host, owed_seq, due_at)
  select ok.task_id, c.config_key, '', '', p.seq, ${NOW}
  from ok
  join (select run, max(seq) as seq from unnest($20::int[], $21::bigint[]) as p(run, seq) group by run) p on p.run = ok.run
  cross join unnest(string_to_array(ok.push_configs, ',')) as c(config_key)
  on conflict (task_id, config_key) do update set owed_seq = excluded.owed_seq, due_at = coalesce(q.due_at, ${NOW})
)
select run, push_configs is not null as owes from ok`;

/** Returns the rows of refused runs, and whether the log already holds what those runs wanted to write. */
export const EXPLAIN = `
with run as materialized (
  select * from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::json[])
    with ordinality as r(task_id, scope, fence, hi, data, run))
select run.run, t.state, t.fence, t.last_seq,
  coalesce(e.fence = run.fence and e.data::text = run.data::text, false) as written
from run
left join a2a_task t on t.task_id = run.task_id and t.task_id = any($1::uuid[]) and t.scope = run.scope
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
/** The event that begins a turn, if one of them does. */
function begunSeq({ firstSeq, events }: RunAppend): number | null {
  const index = events.findLastIndex(({ inbound }) => inbound !== undefined);
  return index < 0 ? null : firstSeq + index;
}
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
    plainArray(runs.map(scopeKey)),
    plainArray(runs.map((run) => run.fence)),
    plainArray(appends.map((append) => append.firstSeq)),
    plainArray(appends.map(hi)),
    plainArray(appends.map((append) => sum(append.events))),
    statuses.map((status) => status?.state && toStored(status.state)),
    statuses.map((status) => status && (status.statusAt ?? statusNow())),
    plainArray(appends.map(begunSeq)),
    statuses.map((status) => status?.reason),
    plainArray(events.map(({ run }) => run)),
    plainArray(events.map(({ seq }) => seq)),
    plainArray(events.map(({ event }) => kindCode(event))),
    plainArray(events.map(({ event }) => (event.state ? toStored(event.state) : null))),
    plainArray(events.map(({ event }) => event.bytes)),
    jsonArray(events.map(({ event }) => event.data)),
    jsonArray(events.map(({ event }) => event.inbound)),
    jsonArray(events.map(({ event }) => event.request)),
    plainArray(appends.flatMap(({ consumes }) => (consumes !== undefined && isRowId(consumes) ? [consumes] : []))),
    plainArray(pushed.map(({ run }) => run)),
    plainArray(pushed.map(({ seq }) => seq)),
  ];
}

/** Parameters of EXPLAIN. */
export function explainValues(appends: readonly RunAppend[]): unknown[] {
  const runs = appends.map(({ run }) => run);
  return [
    plainArray(runs.map((run) => run.taskId)),
    plainArray(runs.map(scopeKey)),
    plainArray(runs.map((run) => run.fence)),
    plainArray(appends.map(hi)),
    jsonArray(appends.map((append) => append.events.at(-1)?.data)),
  ];
}
