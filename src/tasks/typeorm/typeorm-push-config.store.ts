import type { CallContext } from '../../security/call-context.js';
import { isFull } from '../core/message-rules.js';
import { pushConfigPage, pushConfigPageSize, pushConfigPosition } from '../push-config-page.js';
import type {
  PushConfig,
  PushConfigPage,
  PushConfigPageQuery,
  PushNotificationConfigStore,
  PutPushConfigResult,
} from '../push-config-store.interface.js';
import type { Database } from './database.js';
import { CONFIG_COLUMNS, type PushConfigRow, toPushConfig } from '../push-config-row.js';
import { countOthers, putPushConfig } from './put-push-config.js';
import { IN_SCOPE, isTaskId, scoped } from './task-row.js';
import { TERMINAL_SQL } from '../task-states.js';

/** Changes to the configs of a task run one at a time, and not while events are appended. */
const LOCK = `select from a2a_task t where ${IN_SCOPE} for no key update`;
const LOCK_UNSCOPED = `select from a2a_task t where t.task_id = $1::uuid for no key update`;

const EXISTS = `select from a2a_task t where ${IN_SCOPE}`;

const CONFIGS = `
select ${CONFIG_COLUMNS}, c.created_at
from a2a_push_config c join a2a_task t on t.task_id = c.task_id
where ${IN_SCOPE} and c.owner = t.owner and c.tenant = t.tenant and c.agent = t.agent and c.disabled_at is null`;

const GET = `${CONFIGS} and c.config_id = $5`;

const LIST = `${CONFIGS}
  and ($5::timestamptz is null or (c.created_at, c.config_id collate "C") > ($5::timestamptz, $6::text collate "C"))
order by c.created_at, c.config_id collate "C" limit $7`;

/** In this order, as for a delivery that is completed. */
const DELETE_OWED = [
  `delete from a2a_outbox where task_id = $1::uuid and config_id = $2`,
  `delete from a2a_push_queue where task_id = $1::uuid and config_id = $2`,
];

const DELETE = `
with gone as (delete from a2a_push_config where task_id = $1::uuid and config_id = $2)
update a2a_task set push_configs = nullif(array_remove(push_configs, $2), '{}') where task_id = $1::uuid`;

/** A task counts as at least one, so that no more tasks than the limit are read. */
const COUNT_OF = `
select coalesce(sum(cardinality(push_configs)), 0)::int as configs
from (
  select t.push_configs from a2a_task t
  where t.owner = $1 and t.push_configs is not null and t.state not in ${TERMINAL_SQL}
  limit $2
) counted`;

const BURY_ALL = `
update a2a_outbox set dead_at = now(), dead_reason = $3::text
where task_id = $1::uuid and config_id = $2 and dead_at is null`;

const DISABLE = `
with queue as (update a2a_push_queue set due_at = null where task_id = $1::uuid and config_id = $2),
  disabled as (update a2a_push_config set disabled_at = now() where task_id = $1::uuid and config_id = $2)
update a2a_task set push_configs = nullif(array_remove(push_configs, $2), '{}') where task_id = $1::uuid`;

export class TypeOrmPushConfigStore implements PushNotificationConfigStore {
  constructor(private readonly db: Database) {}

  async put(context: CallContext, taskId: string, config: PushConfig, limit: number): Promise<PutPushConfigResult> {
    if (!isTaskId(taskId)) return 'missing';
    return this.db.transactionOn(taskId, async (query) => {
      const [task] = await query(LOCK, scoped(context, taskId));
      if (!task) return 'missing';
      if (isFull(await countOthers(query, taskId, config.id), limit)) return 'full';
      await putPushConfig(query, context, taskId, config);
      return 'stored';
    });
  }

  async get(context: CallContext, taskId: string, configId: string): Promise<PushConfig | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.query<PushConfigRow>(GET, [...scoped(context, taskId), configId]);
    return row && toPushConfig(row);
  }

  async list(
    context: CallContext,
    taskId: string,
    query: PushConfigPageQuery = {},
  ): Promise<PushConfigPage | undefined> {
    const after = pushConfigPosition(query, context, taskId);
    if (!isTaskId(taskId)) return undefined;
    const values = [...scoped(context, taskId), after?.time, after?.id, pushConfigPageSize(query) + 1];
    const rows = await this.db.query<PushConfigRow & { created_at: Date }>(LIST, values);
    if (rows.length === 0 && !(await this.#exists(context, taskId))) return undefined;
    const placed = rows.map((row) => ({ config: toPushConfig(row), createdAt: row.created_at.toISOString() }));
    return pushConfigPage(placed, query, context, taskId);
  }

  async delete(context: CallContext, taskId: string, configId: string): Promise<boolean> {
    if (!isTaskId(taskId)) return false;
    return this.db.transactionOn(taskId, async (query) => {
      const [task] = await query(LOCK, scoped(context, taskId));
      if (!task) return false;
      for (const sql of [...DELETE_OWED, DELETE]) await query(sql, [taskId, configId]);
      return true;
    });
  }

  async countOf(owner: string, limit: number): Promise<number> {
    const [row] = await this.db.query<{ configs: number }>(COUNT_OF, [owner, limit]);
    return row?.configs ?? 0;
  }

  async disable(taskId: string, configId: string, reason: string): Promise<void> {
    if (!isTaskId(taskId)) return;
    await this.db.transactionOn(taskId, async (query) => {
      await query(LOCK_UNSCOPED, [taskId]);
      await query(BURY_ALL, [taskId, configId, reason.replaceAll('\0', '\uFFFD')]);
      await query(DISABLE, [taskId, configId]);
    });
  }

  async #exists(context: CallContext, taskId: string): Promise<boolean> {
    return (await this.db.query(EXISTS, scoped(context, taskId))).length > 0;
  }
}
