import type { CallContext } from '../../../security/call-context.js';
import { isFull } from '../../core/message-rules.js';
import { isHandlerId } from '../../handler-config.js';
import { pushConfigPage, pushConfigPageSize, pushConfigPosition } from '../../push-config-page.js';
import { CONFIG_COLUMNS, OF_CALLER, type PushConfigRow, toPushConfig } from '../../push-config-row.js';
import type {
  DisabledPushConfig,
  PushConfig,
  PushConfigPage,
  PushConfigPageQuery,
  PushNotificationConfigStore,
  PutPushConfigResult,
} from '../../push-config-store.interface.js';
import { isTaskId } from '../../row-ids.js';
import { disabledConfig } from './disabled-config.js';
import { configKey, ownerKey } from './keys.js';
import { listActive, otherConfigs, putPushConfig } from './put-push-config.js';
import { NOW, type Sql, raw, sql, timeValue } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import { OPEN, type SqlTime, inScope, timeOf } from './task-row.js';
import { lockTask } from './lock-task.js';
import { storedText } from './stored-text.js';

const CONFIGS = raw(
  `select ${CONFIG_COLUMNS}, c.created_at from a2a_push_config c join a2a_task t on t.task_id = c.task_id`,
);

const SHOWN = raw(`c.disabled_at is null and ${OF_CALLER}`);

const ofConfig = (taskId: string, configId: string): Sql =>
  sql`where task_id = ${taskId} and config_key = ${configKey(configId)}`;

/** Changes to the configs of a task run one at a time, and not while events are appended. */
export class SqlPushConfigStore implements PushNotificationConfigStore {
  constructor(private readonly db: SqlDatabase) {}

  async put(context: CallContext, taskId: string, config: PushConfig, limit: number): Promise<PutPushConfigResult> {
    if (!isTaskId(taskId)) return 'missing';
    return this.db.writeTask(taskId, async (session) => {
      if (!(await lockTask(session, context, taskId))) return 'missing';
      const others = await otherConfigs(session, taskId, config.id);
      if (isFull(others.active, limit)) return 'full';
      await putPushConfig(session, context, taskId, config, others);
      return 'stored';
    });
  }

  async get(context: CallContext, taskId: string, configId: string): Promise<PushConfig | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.query<PushConfigRow>(sql`
      ${CONFIGS} where ${inScope(context, taskId)} and ${SHOWN} and c.config_key = ${configKey(configId)}`);
    return row && toPushConfig(row);
  }

  async list(
    context: CallContext,
    taskId: string,
    query: PushConfigPageQuery = {},
  ): Promise<PushConfigPage | undefined> {
    const after = pushConfigPosition(query, context, taskId);
    if (!isTaskId(taskId)) return undefined;
    const rows = await this.db.query<PushConfigRow & { created_at: SqlTime }>(sql`
      ${CONFIGS} where ${inScope(context, taskId)} and ${SHOWN}
        ${after ? sql`and c.created_at > ${timeValue(after.time)}` : raw('')}
      order by c.created_at limit ${pushConfigPageSize(query) + 1}`);
    if (rows.length === 0 && !(await this.#exists(context, taskId))) return undefined;
    const placed = rows.map((row) => ({ config: toPushConfig(row), createdAt: timeOf(row.created_at) }));
    return pushConfigPage(placed, query, context, taskId);
  }

  disabled(context: CallContext, taskId: string, configId?: string): Promise<DisabledPushConfig | undefined> {
    return disabledConfig(this.db, context, taskId, configId);
  }

  async delete(context: CallContext, taskId: string, configId: string): Promise<boolean> {
    if (!isTaskId(taskId)) return false;
    return this.db.writeTask(taskId, async (session) => {
      if (!(await lockTask(session, context, taskId))) return false;
      if (isHandlerId(configId)) return true;
      // In this order, as for a delivery that is completed.
      for (const table of ['a2a_outbox', 'a2a_push_queue', 'a2a_push_config'])
        await session.run(sql`delete from ${raw(table)} ${ofConfig(taskId, configId)}`);
      await listActive(session, taskId);
      return true;
    });
  }

  /** A task counts as at least one, so that no more tasks than the limit are read. */
  async countOf(owner: string, limit: number): Promise<number> {
    const [row] = await this.db.query<{ configs: number | null }>(sql`
      select sum(counted.webhooks) as configs from (
        select t.webhooks from a2a_task t
        where t.owner_key = ${ownerKey({ owner })} and t.webhooks > 0 and t.state in ${OPEN} limit ${limit}) counted`);
    return Number(row?.configs ?? 0);
  }

  async disable(taskId: string, configId: string, reason: string): Promise<void> {
    if (!isTaskId(taskId)) return;
    await this.db.writeTask(taskId, async (session) => {
      await lockTask(session, undefined, taskId);
      const which = ofConfig(taskId, configId);
      await session.run(
        sql`update a2a_outbox set dead_at = ${NOW}, dead_reason = ${storedText(reason)} ${which} and dead_at is null`,
      );
      await session.run(sql`update a2a_push_queue set due_at = null ${which}`);
      await session.run(sql`update a2a_push_config set disabled_at = ${NOW} ${which}`);
      await listActive(session, taskId);
    });
  }

  async #exists(context: CallContext, taskId: string): Promise<boolean> {
    return (await this.db.query(sql`select t.task_id from a2a_task t where ${inScope(context, taskId)}`)).length > 0;
  }
}
