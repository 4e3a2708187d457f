import type { PushConfig } from '../push-config-store.interface.js';
import { configValues } from '../push-config-row.js';
import { configKey } from './keys.js';
import type { SqlSession } from './sql-session.js';

const OTHERS = `
select count(*) as active from a2a_push_config where task_id = ? and config_key <> ? and disabled_at is null`;

/** Storing the next config deletes disabled ones. */
const SWEEP = `
delete from a2a_push_config where task_id = ? and config_key <> ? and disabled_at is not null`;

const REPLACE = `
update a2a_push_config set config_id = ?, wire_version = ?, url = ?, token = ?, authentication = ?, disabled_at = null, given_up = 0
where task_id = ? and config_key = ?`;

const INSERT = `
insert into a2a_push_config
  (config_id, wire_version, url, token, authentication, task_id, config_key, given_up, created_at)
values (?, ?, ?, ?, ?, ?, ?, 0, ?)`;

/** Lets an append skip the webhook lookup for a task without webhooks. */
const COUNT = `
update a2a_task set webhooks = (
  select count(*) from a2a_push_config c where c.task_id = ? and c.disabled_at is null)
where task_id = ?`;

/** Counts the active configs of the task other than this one. The transaction holds the lock of the task's row. */
export async function countOthers(session: SqlSession, taskId: string, configId: string): Promise<number> {
  const [others] = await session.query<{ active: number }>(OTHERS, [taskId, configKey(configId)]);
  return Number(others?.active ?? 0);
}

/** The transaction holds the lock of the task's row. */
export async function putPushConfig(session: SqlSession, taskId: string, config: PushConfig): Promise<void> {
  const key = configKey(config.id);
  await session.run(SWEEP, [taskId, key]);
  const values = configValues(config) as (string | undefined)[];
  if ((await session.run(REPLACE, [...values, taskId, key])) === 0) {
    const [clock] = await session.query<{ now_ms: number; latest: number | null }>(
      `select ${session.dialect.now} as now_ms, (select max(created_at) from a2a_push_config where task_id = ?) as latest`,
      [taskId],
    );
    // Two configs of a task never have the same time: the time is their order of creation.
    const createdAt = Math.max(Number(clock?.now_ms), Number(clock?.latest ?? -1) + 1);
    await session.run(INSERT, [...values, taskId, key, createdAt]);
  }
  await countWebhooks(session, taskId);
}

/** Call after a change of the task's configs, under the lock of its row. */
export async function countWebhooks(session: SqlSession, taskId: string): Promise<void> {
  await session.run(COUNT, [taskId, taskId]);
}
