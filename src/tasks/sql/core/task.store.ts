import type { StoredUsage } from '../../../common/quotas/known-usage.js';
import type { CallContext } from '../../../security/call-context.js';
import { ComposedTaskStore, type TaskStoreParts } from '../../composed-task.store.js';
import type { KnownMessage } from '../../core/message-rules.js';
import { isTaskId } from '../../row-ids.js';
import type { WatchedTask } from '../../scoped-task.js';
import type { TaskRecord } from '../../task-record.js';
import type { SettledTasks, UsageOf } from '../../task-store.interface.js';
import { messageKey, scopeKey } from './keys.js';
import { adminTaskFilter, matchesNothing } from './admin/admin-task-filter.sql.js';
import { settledTasks } from './retention-filter.sql.js';
import { type Sql, among, raw, sql } from './sql.js';
import type { SqlDatabase } from './sql-database.interface.js';
import { TASK_COLUMNS, type SqlTaskRow, toHead } from './task-row.js';

/** The most tasks that one statement asks for. */
const WATCHED_TOGETHER = 1000;

/** Tasks in an interrupted state that wait for their clients. */
export const expiredTasks = (which: SettledTasks, limit: number): Sql =>
  settledTasks(TASK_COLUMNS, 'abandoned', which, limit);

/** Tasks in a SQL database. */
export class SqlTaskStore extends ComposedTaskStore {
  constructor(
    private readonly db: SqlDatabase,
    parts: TaskStoreParts,
  ) {
    super(parts);
  }

  async byMessageId(context: CallContext, messageId: string): Promise<KnownMessage | undefined> {
    const [row] = await this.db.query<{ task_id: string; digest: string }>(
      sql`select task_id, digest from a2a_message where message_key = ${messageKey(context, messageId)}`,
    );
    return row && { taskId: row.task_id, digest: row.digest };
  }

  async lastSeqs(tasks: readonly WatchedTask[]): Promise<Map<string, number>> {
    const scopes = new Map(tasks.filter(({ taskId }) => isTaskId(taskId)).map((task) => [task.taskId, scopeKey(task)]));
    const ids = [...scopes.keys()];
    const found = new Map<string, number>();
    for (let from = 0; from < ids.length; from += WATCHED_TOGETHER) {
      const some = ids.slice(from, from + WATCHED_TOGETHER);
      const rows = await this.db.query<{ task_id: string; scope: string; last_seq: number }>(
        sql`select task_id, scope, last_seq from a2a_task where task_id ${among(some)}`,
      );
      for (const row of rows) if (scopes.get(row.task_id) === row.scope) found.set(row.task_id, row.last_seq);
    }
    return found;
  }

  async usage(of: UsageOf, maxTasks?: number): Promise<StoredUsage> {
    const limit = maxTasks === undefined ? raw('') : sql`limit ${maxTasks}`;
    if (matchesNothing(of)) return { tasks: 0, bytes: 0 };
    const [row] = await this.db.query<{ tasks: number; bytes: number | null }>(sql`
      select count(*) as tasks, sum(counted.bytes) as bytes from (
        select t.bytes from a2a_task t where ${adminTaskFilter(of)} ${limit}) counted`);
    return { tasks: Number(row?.tasks ?? 0), bytes: Number(row?.bytes ?? 0) };
  }

  async expiredInputRequired(which: SettledTasks, limit: number): Promise<TaskRecord[]> {
    return (await this.db.query<SqlTaskRow>(expiredTasks(which, limit))).map(toHead);
  }
}
