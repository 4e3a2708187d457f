import { IN_SCOPE, TASK_COLUMNS } from './task-row.js';
import { RESTING_SQL, TERMINAL_SQL } from '../task-states.js';

/** An update of a2a_task, named `t`, that gives the task to a replica as a new run. */
export const claim = (replica: string, counters: string, where: string, returning = TASK_COLUMNS): string => `
update a2a_task t set run_owner = ${replica}, fence = t.fence + 1, not_before = null${counters}
where ${where} and t.state not in ${TERMINAL_SQL}
returning ${returning}`;

export const LOCK = `select from a2a_task where task_id = $1::uuid for no key update`;

/** The run's task, also when the run has handed it back and nobody has taken it since. */
export const LOCK_RUN = `
select t.state in ${TERMINAL_SQL} as ended, t.cancel_requested_at is not null as canceled, t.run_owner is null as idle,
  t.fence > $5::int as given_back
from a2a_task t
where ${IN_SCOPE} and (t.fence = $5::int or t.fence = $5::int + 1 and t.run_owner is null and t.not_before is not null)
for no key update`;

/** Of a task in the waiting line the turn that it waits with comes first. */
const AWAITS_TURN = `t.run_owner is null and t.not_before is null
  and exists (select from a2a_inbox i where i.task_id = t.task_id)`;

export const CLAIM_TURN = claim(
  '$5',
  ', turn = t.turn + 1, attempt = 1, losses = 0, failures = 0',
  `${IN_SCOPE} and ${AWAITS_TURN}`,
);

export const ENQUEUE_TURN = `
update a2a_task t set fence = t.fence + 1, turn = t.turn + 1, attempt = 0, losses = 0, failures = 0, not_before = now()
where ${IN_SCOPE} and ${AWAITS_TURN} and t.state not in ${TERMINAL_SQL}
returning t.task_id`;

/** Also of a task that is in that turn already: the answer to the first time may have been lost. */
export const NEXT_TURN = `
update a2a_task t set turn = $6::int + 1, attempt = 1, losses = 0, failures = 0
where ${IN_SCOPE} and t.fence = $5 and t.turn in ($6::int, $6::int + 1) and t.run_owner is not null
  and t.state not in ${TERMINAL_SQL}
returning t.task_id`;

export const RELEASE = `
update a2a_task t set run_owner = null
where t.task_id = $1::uuid and not exists (select from a2a_inbox i where i.task_id = t.task_id)
returning t.task_id`;

/** The row is locked. Nobody is to write in the name of the run any more. */
export const HAND_BACK = `
update a2a_task t set run_owner = null, fence = t.fence + 1, failures = t.failures + $3::int,
  not_before = coalesce(now() + $2::float8 * interval '1 ms', t.created_at)
where t.task_id = $1::uuid`;

export const CLOCK = `select extract(epoch from clock_timestamp())::float8 * 1000 as ms`;

/** As text, and not as a time, which each session writes in its own zone. */
const MARK = `extract(epoch from lease_until)::text`;

export const REPLICAS = `
select id, ${MARK} as mark, lease_ms,
  extract(epoch from now() - lease_until)::float8 * 1000 + coalesce(lease_ms, 0) as age_ms
from a2a_replica`;

export const EXPIRE_REPLICA = `delete from a2a_replica where id = $1 and ${MARK} = $2 returning id`;

const OWNER_IS_GONE = `t.run_owner is not null and not exists (select from a2a_replica r where r.id = t.run_owner)`;

export const TAKEOVER = claim(
  '$2',
  ', attempt = t.attempt + 1, losses = t.losses + 1',
  `t.task_id = $1::uuid and ${OWNER_IS_GONE}`,
);

export const SEIZE = claim('$5', '', IN_SCOPE);

export const REQUEST_CANCEL = `
update a2a_task t set cancel_requested_at = case when t.state in ${TERMINAL_SQL} then t.cancel_requested_at
  else coalesce(t.cancel_requested_at, now()) end
where ${IN_SCOPE}
returning ${TASK_COLUMNS}`;

export const CANCEL_REQUESTS = `
select t.task_id from a2a_task t
where t.run_owner = $1 and t.cancel_requested_at is not null and t.state not in ${TERMINAL_SQL}`;

export const ORPHANS = `
select ${TASK_COLUMNS} from a2a_task t
where ${OWNER_IS_GONE} and t.state not in ${TERMINAL_SQL} and t.agent = any($2::text[]) and t.task_id > $3::uuid
order by t.task_id
limit $1`;

export const STRAYS = `
select ${TASK_COLUMNS} from a2a_task t
where t.run_owner = $1 and t.state not in ${TERMINAL_SQL} and t.task_id <> all($2::uuid[]) and t.task_id > $4::uuid
order by t.task_id
limit $3`;

export const RETAKE = claim(
  '$7',
  ', attempt = t.attempt + $8::int, losses = t.losses + $8::int',
  `${IN_SCOPE} and t.fence = $5 and t.run_owner = $6`,
);

/** By way of the inbox, which is small: the tasks that wait for their clients are not. */
export const UNANSWERED = `
select ${TASK_COLUMNS} from a2a_task t
where t.task_id in (select i.task_id from a2a_inbox i) and t.run_owner is null and t.not_before is null
  and t.state not in ${TERMINAL_SQL} and t.agent = any($2::text[]) and t.task_id > $3::uuid
order by t.task_id
limit $1`;

/** As the partial index has it. */
const FORGOTTEN_STATE = `t.run_owner is null and t.not_before is null and t.state not in ${TERMINAL_SQL}
  and (t.state not in ${RESTING_SQL} or t.cancel_requested_at is not null)`;

export const FORGOTTEN = `
select ${TASK_COLUMNS} from a2a_task t
where ${FORGOTTEN_STATE} and t.agent = any($2::text[]) and t.task_id > $4::uuid
  and coalesce(t.cancel_requested_at, t.status_at) <= now() - $3::float8 * interval '1 ms'
  and not exists (select from a2a_inbox i where i.task_id = t.task_id)
order by t.task_id
limit $1`;

export const ADOPT = claim(
  '$6',
  ', attempt = t.attempt + 1, losses = t.losses + 1',
  `${IN_SCOPE} and t.fence = $5 and ${FORGOTTEN_STATE}`,
);

/** The first event and those that took a message in begin turns. */
export const BEGUN_TURN = `
select t.turn, e.data, e.inbound, e.request
from a2a_task t
cross join lateral (
  select * from a2a_event e where e.task_id = t.task_id and (e.inbound is not null or e.seq = 1) order by e.seq desc limit 1
) e
where ${IN_SCOPE} and t.fence = $5`;
