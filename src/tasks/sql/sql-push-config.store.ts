import type { CallContext } from '../../security/call-context.js';
import { isFull } from '../core/message-rules.js';
import { pushConfigPage, pushConfigPageSize, pushConfigPosition } from '../push-config-page.js';
import { CONFIG_COLUMNS, type PushConfigRow, toPushConfig } from '../push-config-row.js';
import type {
  PushConfig,
  PushConfigPage,
  PushConfigPageQuery,
  PushNotificationConfigStore,
  PutPushConfigResult,
} from '../push-config-store.interface.js';
import { isTaskId } from '../row-ids.js';
import { OPEN_SQL } from '../task-states.js';
import { configKey, ownerKey } from './keys.js';
import { countOthers, countWebhooks, putPushConfig } from './put-push-config.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlSession } from './sql-session.js';
import { IN_SCOPE, scoped, timeOf } from './task-row.js';

const CONFIGS = `
select ${CONFIG_COLUMNS}, c.created_at
from a2a_push_config c join a2a_task t on t.task_id = c.task_id
where ${IN_SCOPE} and c.disabled_at is null`;

const OF_CONFIG = 'where task_id = ? and config_key = ?';

export class SqlPushConfigStore implements PushNotificationConfigStore {
  constructor(private readonly db: SqlDatabase) {}

  async put(context: CallContext, taskId: string, config: PushConfig, limit: number): Promise<PutPushConfigResult> {
    if (!isTaskId(taskId)) return 'missing';
    return this.db.write(async (session) => {
      if (!(await lock(session, context, taskId))) return 'missing';
      if (isFull(await countOthers(session, taskId, config.id), limit)) return 'full';
      await putPushConfig(session, taskId, config);
      return 'stored';
    });
  }

  async get(context: CallContext, taskId: string, configId: string): Promise<PushConfig | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const values = [...scoped(context, taskId), configKey(configId)];
    const [row] = await this.db.query<PushConfigRow>(`${CONFIGS} and c.config_key = ?`, values);
    return row && toPushConfig(row);
  }

  async list(
    context: CallContext,
    taskId: string,
    query: PushConfigPageQuery = {},
  ): Promise<PushConfigPage | undefined> {
    const after = pushConfigPosition(query, context, taskId);
    if (!isTaskId(taskId)) return undefined;
    return this.db.view(async (session) => {
      const [task] = await session.query(`select t.task_id from a2a_task t where ${IN_SCOPE}`, scoped(context, taskId));
      if (!task) return undefined;
      const rows = await session.query<PushConfigRow & { created_at: number }>(
        `${CONFIGS} and c.created_at > ? order by c.created_at limit ?`,
        [...scoped(context, taskId), after ? Date.parse(after.time) : -1, pushConfigPageSize(query) + 1],
      );
      const placed = rows.map((row) => ({ config: toPushConfig(row), createdAt: timeOf(row.created_at) }));
      return pushConfigPage(placed, query, context, taskId);
    });
  }

  async delete(context: CallContext, taskId: string, configId: string): Promise<boolean> {
    if (!isTaskId(taskId)) return false;
    const values = [taskId, configKey(configId)];
    return this.db.write(async (session) => {
      if (!(await lock(session, context, taskId))) return false;
      // In this order, as for a delivery that is completed.
      await session.run(`delete from a2a_push_config ${OF_CONFIG}`, values);
      await session.run(`delete from a2a_outbox ${OF_CONFIG}`, values);
      await countWebhooks(session, taskId);
      return true;
    });
  }

  async countOf(owner: string, limit: number): Promise<number> {
    const [row] = await this.db.query<{ configs: number | null }>(
      `select sum(webhooks) as configs from (
         select webhooks from a2a_task where owner_key = ? and state in ${OPEN_SQL} and webhooks > 0 limit ?) as counted`,
      [ownerKey({ owner }), limit],
    );
    return Number(row?.configs ?? 0);
  }

  async disable(taskId: string, configId: string, reason: string): Promise<void> {
    if (!isTaskId(taskId)) return;
    const values = [taskId, configKey(configId)];
    await this.db.write(async (session) => {
      const { now, forUpdate } = session.dialect;
      await session.query(`select task_id from a2a_task where task_id = ? ${forUpdate}`, [taskId]);
      await session.run(`update a2a_push_config set due_at = null, disabled_at = ${now} ${OF_CONFIG}`, values);
      await session.run(`update a2a_outbox set dead_at = ${now}, dead_reason = ? ${OF_CONFIG} and dead_at is null`, [
        reason.replaceAll('\0', '\uFFFD'),
        ...values,
      ]);
      await countWebhooks(session, taskId);
    });
  }
}

/** Changes to the configs of a task run one at a time, and not while events are appended. */
async function lock(session: SqlSession, context: CallContext, taskId: string): Promise<boolean> {
  const sql = `select t.task_id from a2a_task t where ${IN_SCOPE} ${session.dialect.forUpdate}`;
  return (await session.query(sql, scoped(context, taskId))).length > 0;
}
