import type { WebhookPatch } from '../../core/webhook-rules.js';
import { OF_CALLER, configValues } from '../../push-config-row.js';
import { pushHost } from '../../push-host.js';
import { configKey } from './keys.js';
import { NOW, among, join, raw, sql, timeValue } from './sql.js';
import type { SqlSession } from './sql-database.interface.js';
import { storedText } from './stored-text.js';
import type { SqlTaskRow } from './task-row.js';

const CONFIG = ['config_id', 'wire_version', 'url', 'token', 'authentication'];
const RESET = ['disabled_at', 'given_up'];
/** In this order, as for a delivery that is completed. */
const OF_WEBHOOK = ['a2a_outbox', 'a2a_push_queue', 'a2a_push_config'];

/** Applies what is decided about the webhooks of a task. The transaction holds the lock of the task's row. */
export async function patchWebhooks(
  session: SqlSession,
  task: Pick<SqlTaskRow, 'task_id' | 'owner'>,
  { deleted = [], stored, disabled }: WebhookPatch,
): Promise<void> {
  const { task_id: taskId } = task;
  if (deleted.length > 0) {
    for (const table of OF_WEBHOOK)
      await session.run(
        sql`delete from ${raw(table)} where task_id = ${taskId} and config_key ${among(deleted.map(configKey))}`,
      );
  }
  if (stored) await store(session, task, stored);
  if (disabled) {
    const which = sql`where task_id = ${taskId} and config_key = ${configKey(disabled.id)}`;
    const dead = sql`dead_at = ${NOW}, dead_reason = ${storedText(disabled.reason)}`;
    await session.run(sql`update a2a_outbox set ${dead} ${which} and dead_at is null`);
    await session.run(sql`update a2a_push_queue set due_at = null ${which}`);
    await session.run(sql`update a2a_push_config set disabled_at = ${NOW} ${which}`);
  }
  await listActive(session, taskId);
}

async function store(
  session: SqlSession,
  { task_id: taskId, owner }: Pick<SqlTaskRow, 'task_id' | 'owner'>,
  { config, createdAt }: NonNullable<WebhookPatch['stored']>,
): Promise<void> {
  const { dialect } = session;
  const key = configKey(config.id);
  await session.run(sql`
    insert into a2a_push_config (task_id, config_key, created_at, ${raw([...RESET, ...CONFIG].join(', '))})
    values (${taskId}, ${key}, ${timeValue(createdAt)}, null, 0, ${join(configValues(config))})
    ${raw(dialect.onConflict(['task_id', 'config_key'], [...RESET, ...CONFIG]))}`);
  await session.run(sql`
    insert into a2a_push_queue (task_id, config_key, owner, host, owed_seq)
    values (${taskId}, ${key}, ${owner}, ${pushHost(config.url)}, 0)
    ${raw(dialect.onConflict(['task_id', 'config_key'], ['host']))}`);
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
