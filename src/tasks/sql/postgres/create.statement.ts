import { KIND_CODES } from '../../event-row.js';
import { isHandlerId } from '../../handler-config.js';
import { pushHost } from '../../push-host.js';
import type { ScopedTask } from '../../scoped-task.js';
import { statusNow } from '../../status-clock.js';
import { toStored } from '../../task-states.js';
import { configKey, contextKey, messageKey, ownerKey, scopeKey } from '../core/keys.js';
import { jsonArray, plainArray } from './pg-array.js';
import { NOW } from './postgres.dialect.js';

/**
 * Creates many tasks in one statement, since each new task goes this way; the statements of all databases would be a dozen. For
 * each row, the key of the message decides whether the rest is written. A queued task has attempt 0.
 */
export const CREATE = `
with n as materialized (
  select * from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                       $10::text[], $11::text[], $12::timestamptz[], $13::text[], $14::int[], $15::json[], $16::json[], $17::json[],
                       $18::json[], $19::text[])
    as n(message_key, digest, task_id, scope, owner_key, context_key, tenant, owner, agent, context_id, state, status_at,
         run_owner, bytes, data, inbound, request, push, reason)
), message as (
  insert into a2a_message (message_key, digest, task_id, created_at)
  select message_key, digest, task_id, ${NOW} from n
  on conflict do nothing
  returning task_id
), task as (
  insert into a2a_task (task_id, scope, owner_key, context_key, tenant, owner, agent, context_id, state, status_at, last_seq, bytes,
    run_owner, attempt, not_before, waits, rested_at, push_configs, webhooks, created_at, reason)
  select task_id, scope, owner_key, context_key, tenant, owner, agent, context_id, state, status_at, 1, bytes,
    run_owner, (run_owner is not null)::int, case when run_owner is null then ${NOW} end, case when run_owner is null then scope end,
    case when state in ('input-required', 'auth-required') then ${NOW} end, push->>'keys', coalesce((push->>'webhooks')::int, 0), ${NOW},
    reason
  from n join message using (task_id)
), event as (
  insert into a2a_event (task_id, seq, fence, kind, state, bytes, data, inbound, request, at)
  select task_id, 1, 1, ${KIND_CODES.task}, state, bytes, data, inbound, request, ${NOW} from n join message using (task_id)
), push as (
  select task_id, owner, c.config, c.i
  from n join message using (task_id) cross join json_array_elements(push->'configs') with ordinality as c(config, i)
), config as (
  insert into a2a_push_config (task_id, config_key, config_id, wire_version, url, token, authentication, given_up, created_at)
  select task_id, config->>'key', config->>'id', config->>'wireVersion', config->>'url', config->>'token',
    (config->>'authentication')::json, 0, ${NOW} + (i - 1) * interval '1 ms'
  from push
), owed as (
  insert into a2a_outbox (task_id, seq, config_key) select task_id, 1, config->>'key' from push
), queue as (
  insert into a2a_push_queue (task_id, config_key, owner, host, owed_seq, due_at)
  select task_id, config->>'key', owner, config->>'host', 1, ${NOW} from push
)
select task_id from message`;

/** The tasks of messages that were sent before, in the order of the parameter. */
export const KNOWN_MESSAGES = `
select m.task_id, m.digest
from unnest($1::text[]) with ordinality as n(message_key, i)
left join a2a_message m using (message_key)
order by n.i`;

/** The parameter of KNOWN_MESSAGES, and the first of CREATE. */
export const messageKeys = (tasks: readonly ScopedTask[]): string =>
  plainArray(tasks.map(({ scope, task }) => messageKey(scope, task.messageId)));

export function createValues(tasks: readonly ScopedTask[]): unknown[] {
  const events = tasks.map(({ task }) => task.event);
  const now = statusNow();
  return [
    messageKeys(tasks),
    tasks.map(({ task }) => task.digest),
    plainArray(tasks.map(({ task }) => task.taskId)),
    plainArray(tasks.map(({ scope }) => scopeKey(scope))),
    plainArray(tasks.map(({ scope }) => ownerKey(scope))),
    plainArray(tasks.map(({ task }) => contextKey(task.contextId))),
    tasks.map(({ scope }) => scope.tenant),
    tasks.map(({ scope }) => scope.owner),
    tasks.map(({ scope }) => scope.agent),
    tasks.map(({ task }) => task.contextId),
    plainArray(events.map(({ state }) => toStored(state ?? 'TASK_STATE_SUBMITTED'))),
    events.map(({ statusAt }) => statusAt ?? now),
    tasks.map(({ task }) => task.runOwner),
    plainArray(events.map(({ bytes }) => bytes)),
    jsonArray(events.map(({ data }) => data)),
    jsonArray(events.map(({ inbound }) => inbound)),
    jsonArray(events.map(({ request }) => request)),
    jsonArray(tasks.map(pushJson)),
    events.map(({ reason }) => reason),
  ];
}

function pushJson({ task: { pushConfigs = [] } }: ScopedTask): string | undefined {
  if (pushConfigs.length === 0) return undefined;
  const configs = pushConfigs.map((config) => ({
    ...config,
    authentication: config.authentication && JSON.stringify(config.authentication),
    key: configKey(config.id),
    host: pushHost(config.url),
  }));
  const webhooks = pushConfigs.filter(({ id }) => !isHandlerId(id)).length;
  return JSON.stringify({ configs, keys: configs.map(({ key }) => key).join(','), webhooks });
}
