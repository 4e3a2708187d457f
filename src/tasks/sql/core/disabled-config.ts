import type { CallContext } from '../../../security/call-context.js';
import { attemptsOf } from '../../admin/delivery-attempt.js';
import { OF_CALLER } from '../../push-config-row.js';
import type { DisabledPushConfig } from '../../push-config-store.interface.js';
import { isTaskId } from '../../row-ids.js';
import { configKey } from './keys.js';
import { raw, sql } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import { type SqlTime, inScope, timeOf } from './task-row.js';

/** The config if it is disabled, or the one of the task that was disabled last, and what its last attempt met with. */
export async function disabledConfig(
  db: SqlDatabase,
  context: CallContext,
  taskId: string,
  configId: string | undefined,
): Promise<DisabledPushConfig | undefined> {
  if (!isTaskId(taskId)) return undefined;
  const [config] = await db.query<{ config_id: string; config_key: string; disabled_at: SqlTime }>(sql`
    select c.config_id, c.config_key, c.disabled_at from a2a_push_config c join a2a_task t on t.task_id = c.task_id
    where ${inScope(context, taskId)} and c.disabled_at is not null and ${raw(OF_CALLER)}
      ${configId === undefined ? raw('') : sql`and c.config_key = ${configKey(configId)}`}
    order by c.disabled_at desc limit 1`);
  if (!config) return undefined;
  // The deliveries behind the one that was tried have no attempts.
  const [dead] = await db.query<{ attempts: number; attempt_log: string | null }>(sql`
    select o.attempts, o.attempt_log from a2a_outbox o
    where o.task_id = ${taskId} and o.config_key = ${config.config_key} and o.dead_at is not null and o.attempt_log is not null
    order by o.id desc limit 1`);
  const lastAttempt = attemptsOf(dead?.attempt_log).at(-1);
  return {
    id: config.config_id,
    disabledAt: timeOf(config.disabled_at),
    ...(dead && lastAttempt && { attempts: dead.attempts, lastAttempt }),
  };
}
