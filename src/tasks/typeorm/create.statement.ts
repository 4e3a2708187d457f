import type { ScopedTask } from '../scoped-task.js';
import { KIND_CODES } from '../event-row.js';
import { jsonArray, plainArray } from './pg-array.js';
import { pushHost } from '../push-host.js';
import { toStored } from '../task-states.js';
import { statusNow } from '../status-clock.js';

/** Creates many tasks in one statement. For each row, the messageId decides whether the rest is written. A queued task has attempt 0. */
export const CREATE = `
with n as materialized (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[],
                       $9::timestamptz[], $10::text[], $11::int[], $12::json[], $13::json[], $14::json[],
                       $15::json[])
    as n(tenant, owner, agent, message_id, digest, task_id, context_id, state, status_at, run_owner, bytes, data, inbound, push,
         request)
), message as (
  insert into a2a_message (tenant, owner, agent, message_id, digest, task_id)
  select tenant, owner, agent, message_id, digest, task_id from n
  on conflict do nothing
  returning task_id
), task as (
  insert into a2a_task (task_id, tenant, owner, agent, context_id, state, status_at, last_seq, bytes, run_owner, attempt,
    not_before, push_configs)
  select task_id, tenant, owner, agent, context_id, state, status_at, 1, bytes, run_owner, (run_owner is not null)::int,
    case when run_owner is null then date_trunc('milliseconds', now()) end,
    case when push is not null then array[push->>'id'] end
  from n join message using (task_id)
), event as (
  insert into a2a_event (task_id, seq, fence, kind, state, bytes, data, inbound, request)
  select task_id, 1, 1, ${KIND_CODES.task}, state, bytes, data, inbound, request from n join message using (task_id)
), config as (
  insert into a2a_push_config (task_id, tenant, owner, agent, config_id, wire_version, url, token, authentication)
  select task_id, tenant, owner, agent, push->>'id', push->>'wireVersion', push->>'url', push->>'token', push->'authentication'
  from n join message using (task_id) where push is not null
), owed as (
  insert into a2a_outbox (task_id, seq, config_id)
  select task_id, 1, push->>'id' from n join message using (task_id) where push is not null
), queue as (
  insert into a2a_push_queue (task_id, config_id, owner, host, owed_seq, due_at)
  select task_id, push->>'id', owner, push->>'host', 1, now() from n join message using (task_id) where push is not null
)
select task_id from message`;

/** The tasks of messages that were sent before, in the order of the parameters. */
export const KNOWN_MESSAGES = `
select m.task_id, m.digest
from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as n(tenant, owner, agent, message_id, i)
left join a2a_message m using (tenant, owner, agent, message_id)
order by n.i`;

/** Parameters of KNOWN_MESSAGES, and the first four of CREATE. */
export const messageKeys = (tasks: readonly ScopedTask[]): unknown[] => [
  tasks.map(({ scope }) => scope.tenant),
  tasks.map(({ scope }) => scope.owner),
  tasks.map(({ scope }) => scope.agent),
  tasks.map(({ task }) => task.messageId),
];

export function createValues(tasks: readonly ScopedTask[]): unknown[] {
  const events = tasks.map(({ task }) => task.event);
  const now = statusNow();
  return [
    ...messageKeys(tasks),
    tasks.map(({ task }) => task.digest),
    plainArray(tasks.map(({ task }) => task.taskId)),
    tasks.map(({ task }) => task.contextId),
    plainArray(events.map(({ state }) => toStored(state ?? 'TASK_STATE_SUBMITTED'))),
    events.map(({ statusAt }) => statusAt ?? now),
    tasks.map(({ task }) => task.runOwner),
    plainArray(events.map(({ bytes }) => bytes)),
    jsonArray(events.map(({ data }) => data)),
    jsonArray(events.map(({ inbound }) => inbound)),
    jsonArray(
      tasks.map(({ task: { pushConfig: push } }) => push && JSON.stringify({ ...push, host: pushHost(push.url) })),
    ),
    jsonArray(events.map(({ request }) => request)),
  ];
}
