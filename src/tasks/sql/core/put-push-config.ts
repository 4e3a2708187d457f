import type { TaskScope } from '../../../security/call-context.js';
import { OF_CALLER, configValues } from '../../push-config-row.js';
import type { PushConfig } from '../../push-config-store.interface.js';
import { pushHost } from '../../push-host.js';
import { configKey } from './keys.js';
import { NOW, join, raw, sql, timeValue } from './sql.js';
import type { SqlSession } from './sql-database.interface.js';
import type { SqlTime } from './task-row.js';

/** The webhooks of a task beside one that is about to be stored, without handlers. */
export interface OtherConfigs {
  readonly active: number;
  readonly disabled: number;
  /** A time after that of all configs: two configs of a task never have the same time, which is their order of creation. */
  readonly nextTime: number;
}

interface CountRow {
  active: number | null;
  disabled: number | null;
  latest: SqlTime | null;
  now_at: SqlTime;
}

/** The transaction holds the lock of the task's row. */
export async function otherConfigs(session: SqlSession, taskId: string, configId: string): Promise<OtherConfigs> {
  const other = sql`${raw(OF_CALLER)} and c.config_key <> ${configKey(configId)}`;
  const [row] = await session.query<CountRow>(sql`
    select sum(case when ${other} and c.disabled_at is null then 1 else 0 end) as active,
      sum(case when ${other} and c.disabled_at is not null then 1 else 0 end) as disabled,
      max(c.created_at) as latest, ${NOW} as now_at
    from a2a_push_config c where c.task_id = ${taskId}`);
  const latest = row?.latest == null ? -1 : Number(row.latest);
  return {
    active: Number(row?.active ?? 0),
    disabled: Number(row?.disabled ?? 0),
    nextTime: Math.max(Number(row?.now_at), latest + 1),
  };
}

const CONFIG = ['config_id', 'wire_version', 'url', 'token', 'authentication'];
const RESET = ['disabled_at', 'given_up'];

/** Stores a config; it replaces one with the same id, and disabled webhooks. The transaction holds the lock of the task's row. */
export async function putPushConfig(
  session: SqlSession,
  { owner }: Pick<TaskScope, 'owner'>,
  taskId: string,
  config: PushConfig,
  { disabled, nextTime }: Omit<OtherConfigs, 'active'>,
): Promise<void> {
  const { dialect } = session;
  const key = configKey(config.id);
  if (disabled > 0) {
    await session.run(
      sql`delete from a2a_push_config where task_id = ${taskId} and config_key <> ${key} and disabled_at is not null
        and ${raw(OF_CALLER)}`,
    );
  }
  await session.run(sql`
    insert into a2a_push_config (task_id, config_key, created_at, ${raw([...RESET, ...CONFIG].join(', '))})
    values (${taskId}, ${key}, ${timeValue(nextTime)}, null, 0, ${join(configValues(config))})
    ${raw(dialect.onConflict(['task_id', 'config_key'], [...RESET, ...CONFIG]))}`);
  await session.run(sql`
    insert into a2a_push_queue (task_id, config_key, owner, host, owed_seq)
    values (${taskId}, ${key}, ${owner}, ${pushHost(config.url)}, 0)
    ${raw(dialect.onConflict(['task_id', 'config_key'], ['host']))}`);
  await listActive(session, taskId);
}

/**
 * Lists the active configs in the row of their task: an append knows from the row alone, which it locks, what events are owed to.
 * Call it after a change of the configs, under that lock.
 */
export async function listActive(session: SqlSession, taskId: string): Promise<void> {
  const active = sql`from a2a_push_config c where c.task_id = ${taskId} and c.disabled_at is null`;
  await session.run(sql`
    update a2a_task set
      push_configs = (select ${raw(session.dialect.joined('c.config_key'))} ${active}), webhooks = (select count(*) ${active} and ${raw(OF_CALLER)})
    where task_id = ${taskId}`);
}

/** The keys of the active configs of a task, as its row lists them. */
export const activeKeys = (listed: string | null): readonly string[] => listed?.split(',') ?? [];
