import { attemptsOf } from '../../admin/delivery-attempt.js';
import type { TaskRef } from '../../core/task-rows.interface.js';
import type { DecideWebhooks, WebhookRow } from '../../core/webhook-rules.js';
import type { ConfiguredWebhook, TriedDelivery, WebhookRows } from '../../core/webhook-rows.interface.js';
import { CONFIG_COLUMNS, type PushConfigRow, toPushConfig } from '../../push-config-row.js';
import { isTaskId } from '../../row-ids.js';
import { configKey, ownerKey } from './keys.js';
import { lockTask } from './lock-task.js';
import { patchWebhooks } from './patch-webhooks.js';
import { raw, sql } from './sql.js';
import type { SqlDatabase, SqlSession } from './sql-database.interface.js';
import { OPEN, type SqlTime, inTask } from './task-row.js';

interface TimedRow {
  config_id: string;
  created_at: SqlTime;
  disabled_at: SqlTime | null;
}

/** Changes to the webhooks of a task run one at a time, and not while events are appended. */
export class SqlWebhookRows implements WebhookRows {
  constructor(private readonly db: SqlDatabase) {}

  /** One row without a config: the task has none. */
  async read(task: TaskRef): Promise<readonly ConfiguredWebhook[] | undefined> {
    if (!isTaskId(task.taskId)) return undefined;
    const rows = await this.db.query<PushConfigRow & TimedRow & { config_id: string | null }>(sql`
      select ${raw(CONFIG_COLUMNS)}, c.created_at, c.disabled_at
      from a2a_task t left join a2a_push_config c on c.task_id = t.task_id where ${inTask(task)}`);
    if (rows.length === 0) return undefined;
    return rows
      .filter(({ config_id }) => config_id !== null)
      .map((row) => ({ ...toWebhook(row), config: toPushConfig(row) }));
  }

  async change<T>({ taskId, scope }: TaskRef, decide: DecideWebhooks<T>): Promise<T> {
    if (!isTaskId(taskId)) return decide(undefined, 0).result;
    return this.db.writeTask(taskId, async (session) => {
      const task = await lockTask(session, scope, taskId);
      const { patch, result } = decide(task && (await webhooksOf(session, taskId)), Number(task?.now_at));
      if (task && patch) await patchWebhooks(session, task, patch);
      return result;
    });
  }

  /** The deliveries behind the one that was tried have no log. */
  async lastTried(taskId: string, configId: string): Promise<TriedDelivery | undefined> {
    const [dead] = await this.db.query<{ attempts: number; attempt_log: string | null }>(sql`
      select o.attempts, o.attempt_log from a2a_outbox o
      where o.task_id = ${taskId} and o.config_key = ${configKey(configId)} and o.dead_at is not null and o.attempt_log is not null
      order by o.id desc limit 1`);
    return dead && { attempts: dead.attempts, attemptLog: attemptsOf(dead.attempt_log) };
  }

  /** A task counts as at least one, so that no more tasks than the limit are read. */
  async countOf(owner: string, limit: number): Promise<number> {
    const [row] = await this.db.query<{ configs: number | null }>(sql`
      select sum(counted.webhooks) as configs from (
        select t.webhooks from a2a_task t
        where t.owner_key = ${ownerKey({ owner })} and t.webhooks > 0 and t.state in ${OPEN} limit ${limit}) counted`);
    return Number(row?.configs ?? 0);
  }
}

/** The transaction holds the lock of the task's row. */
export async function webhooksOf(session: SqlSession, taskId: string): Promise<WebhookRow[]> {
  const rows = await session.query<TimedRow>(
    sql`select c.config_id, c.created_at, c.disabled_at from a2a_push_config c where c.task_id = ${taskId}`,
  );
  return rows.map(toWebhook);
}

const toWebhook = ({ config_id, created_at, disabled_at }: TimedRow): WebhookRow => ({
  id: config_id,
  createdAt: Number(created_at),
  ...(disabled_at !== null && { disabledAt: Number(disabled_at) }),
});
