import type { TaskState } from '../../protocol/model/index.js';
import type { CallContext } from '../../security/call-context.js';
import { type InboxFacts, putRefusal } from '../core/message-rules.js';
import type { InboxEntry, InboxMessage, InboxStore, PutOptions, PutResult } from '../inbox-store.interface.js';
import type { InlinePushConfig } from '../push-config-store.interface.js';
import { isRowId, isTaskId } from '../row-ids.js';
import type { RunRef } from '../task-record.js';
import { TERMINAL_SQL, fromStored } from '../task-states.js';
import { messageKey } from './keys.js';
import { countOthers, putPushConfig } from './put-push-config.js';
import type { SqlDatabase } from './sql-database.js';
import { isDuplicate } from './sql-errors.js';
import type { SqlSession } from './sql-session.js';
import { refusedMessage } from './refused-message.js';
import { marks } from './statement-parts.js';
import { IN_SCOPE, scoped } from './task-row.js';

const PEEK = `
select i.id, i.entry from a2a_inbox i join a2a_task t on t.task_id = i.task_id
where ${IN_SCOPE} and t.fence = ?
order by i.id limit 1`;

const WAITING = `
select i.id from a2a_inbox i join a2a_task t on t.task_id = i.task_id
where ${IN_SCOPE} and i.id = ? and t.state not in ${TERMINAL_SQL}`;

const ENDED = `
select i.id from a2a_inbox i join a2a_task t on t.task_id = i.task_id
where t.state in ${TERMINAL_SQL} order by i.id limit ?`;

export class SqlInboxStore implements InboxStore {
  constructor(private readonly db: SqlDatabase) {}

  async put(
    context: CallContext,
    taskId: string,
    entry: InboxMessage,
    digest: string,
    limit: number,
    { key: messageId = entry.message.messageId, pushConfig }: PutOptions = {},
  ): Promise<PutResult> {
    if (!isTaskId(taskId)) return { result: 'missing' };
    const put = { key: messageKey(context, messageId), text: JSON.stringify(entry), digest, limit, pushConfig };
    for (;;) {
      try {
        return await this.db.write((session) => putOnce(session, context, taskId, put));
      } catch (error) {
        // The messageId arrived with another request at the same moment: now it is known.
        if (!isDuplicate(error)) throw refusedMessage(error);
      }
    }
  }

  async peek(run: RunRef): Promise<InboxEntry | undefined> {
    if (!isTaskId(run.taskId)) return undefined;
    const values = [...scoped(run, run.taskId), run.fence];
    const [row] = await this.db.query<{ id: number; entry: string }>(PEEK, values);
    return row && { id: String(row.id), ...(JSON.parse(row.entry) as InboxMessage) };
  }

  async waiting(context: CallContext, taskId: string, id: string): Promise<boolean> {
    if (!isTaskId(taskId) || !isRowId(id)) return false;
    return (await this.db.query(WAITING, [...scoped(context, taskId), Number(id)])).length > 0;
  }

  async withdraw(context: CallContext, taskId: string, id: string): Promise<boolean> {
    if (!isTaskId(taskId) || !isRowId(id)) return false;
    return this.db.write(async (session) => {
      if (!(await lock(session, context, taskId))) return false;
      const values = [Number(id), taskId];
      const [entry] = await session.query<{ message_key: string }>(
        `select message_key from a2a_inbox where id = ? and task_id = ?`,
        values,
      );
      if (!entry) return false;
      await session.run(`delete from a2a_inbox where id = ? and task_id = ?`, values);
      // It was never answered, so the sender may send it again.
      const forget = `delete from a2a_message where message_key = ? and task_id = ?`;
      await session.run(forget, [entry.message_key, taskId]);
      return true;
    });
  }

  async sweep(limit: number): Promise<number> {
    const rows = await this.db.query<{ id: number }>(ENDED, [limit]);
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id);
    return this.db.write((session) => session.run(`delete from a2a_inbox where id in (${marks(ids.length)})`, ids));
  }
}

interface Put {
  readonly key: string;
  readonly text: string;
  readonly digest: string;
  readonly limit: number;
  readonly pushConfig?: InlinePushConfig;
}

async function putOnce(
  session: SqlSession,
  context: CallContext,
  taskId: string,
  { key, text, digest, limit, pushConfig }: Put,
): Promise<PutResult> {
  const task = await lock(session, context, taskId);
  if (!task) return { result: 'missing' };
  const refusal = putRefusal(
    { row: task, ...(await readFacts(session, taskId, key, pushConfig)) },
    { digest, limit, configLimit: pushConfig?.limit },
  );
  if (refusal) return refusal;
  const { now } = session.dialect;
  await session.run(`insert into a2a_message (message_key, digest, task_id, created_at) values (?, ?, ?, ${now})`, [
    key,
    digest,
    taskId,
  ]);
  await session.run(`insert into a2a_inbox (task_id, message_key, entry, created_at) values (?, ?, ?, ${now})`, [
    taskId,
    key,
    text,
  ]);
  if (pushConfig) await putPushConfig(session, taskId, pushConfig.config);
  const [row] = await session.query<{ id: number }>(`select max(id) as id from a2a_inbox where task_id = ?`, [taskId]);
  return { result: 'queued', id: String(row?.id) };
}

/** What else the decision depends on. The transaction holds the lock of the task's row. */
async function readFacts(
  session: SqlSession,
  taskId: string,
  key: string,
  pushConfig: InlinePushConfig | undefined,
): Promise<Omit<InboxFacts, 'row'>> {
  const [known] = await session.query<{ task_id: string; digest: string }>(
    `select task_id, digest from a2a_message where message_key = ?`,
    [key],
  );
  const [count] = await session.query<{ waiting: number }>(
    `select count(*) as waiting from a2a_inbox where task_id = ?`,
    [taskId],
  );
  return {
    ...(known && { known: { taskId: known.task_id, digest: known.digest } }),
    waiting: Number(count?.waiting ?? 0),
    otherConfigs: pushConfig ? await countOthers(session, taskId, pushConfig.config.id) : 0,
  };
}

/** Orders puts among themselves, and against the release of the run and the end of the task. */
async function lock(
  session: SqlSession,
  context: CallContext,
  taskId: string,
): Promise<{ state: TaskState } | undefined> {
  const sql = `select t.state from a2a_task t where ${IN_SCOPE} ${session.dialect.forUpdate}`;
  const [task] = await session.query<{ state: string }>(sql, scoped(context, taskId));
  return task && { state: fromStored(task.state) };
}
