import type { TaskScope } from '../../security/call-context.js';
import type { PushConfig } from '../push-config-store.interface.js';
import type { Query } from './database.js';
import { configValues } from '../push-config-row.js';
import { pushHost } from '../push-host.js';
import { scoped } from './task-row.js';

const OTHERS = `
select count(*)::int as active from a2a_push_config
where task_id = $1::uuid and config_id <> $2 and disabled_at is null`;

/** Storing the next config deletes disabled ones. */
const SWEEP = `
delete from a2a_push_config where task_id = $1::uuid and config_id <> $2 and disabled_at is not null`;

/** Two configs of a task never have the same time: the time is their order of creation. */
const PUT = `
with queue as (
  insert into a2a_push_queue (task_id, config_id, owner, host, owed_seq) values ($1::uuid, $5, $2, $10, 0)
  on conflict (task_id, config_id) do update set owner = excluded.owner, host = excluded.host
), config as (
  insert into a2a_push_config
    (task_id, owner, tenant, agent, config_id, wire_version, url, token, authentication, created_at)
  values ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9::json, greatest(
    now(), (select max(created_at) + interval '1 ms' from a2a_push_config where task_id = $1::uuid)))
  on conflict (task_id, config_id) do update set
    wire_version = excluded.wire_version, url = excluded.url, token = excluded.token,
    authentication = excluded.authentication, disabled_at = null, given_up = 0
)
update a2a_task set push_configs = array_append(array_remove(push_configs, $5), $5) where task_id = $1::uuid`;

/** Counts the active configs of the task other than this one. The caller's transaction holds the lock of the task's row. */
export async function countOthers(query: Query, taskId: string, configId: string): Promise<number> {
  const [others] = await query<{ active: number }>(OTHERS, [taskId, configId]);
  return others?.active ?? 0;
}

/** The caller's transaction holds the lock of the task's row. */
export async function putPushConfig(query: Query, scope: TaskScope, taskId: string, config: PushConfig): Promise<void> {
  await query(SWEEP, [taskId, config.id]);
  await query(PUT, [...scoped(scope, taskId), ...configValues(config), pushHost(config.url)]);
}
