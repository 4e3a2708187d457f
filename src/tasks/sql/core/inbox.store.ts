import { invalidParams } from '../../../protocol/errors/index.js';
import type { CallContext } from '../../../security/call-context.js';
import { type InboxFacts, putRefusal } from '../../core/message-rules.js';
import { storeWebhook } from '../../core/webhook-rules.js';
import type { InboxEntry, InboxMessage, InboxStore, PutOptions, PutResult } from '../../inbox-store.interface.js';
import type { InlinePushConfig } from '../../push-config-store.interface.js';
import { isRowId, isTaskId } from '../../row-ids.js';
import type { RunRef } from '../../task-record.js';
import { fromStored } from '../../task-states.js';
import { messageKey } from './keys.js';
import { lockTask } from './lock-task.js';
import { patchWebhooks } from './patch-webhooks.js';
import { webhooksOf } from './webhook-rows.js';
import { NOW, type Sql, among, sql } from './sql.js';
import type { SqlDatabase, SqlSession } from './sql-database.interface.js';
import { TERMINAL, inScope } from './task-row.js';

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
        return await this.db.writeTask(taskId, (session) => putOnce(session, context, taskId, put));
      } catch (error) {
        // The messageId arrived with another request at the same moment: now it is known, or free again.
        if (!this.db.dialect.isDuplicate(error)) throw this.#refusal(error);
      }
    }
  }

  async peek(run: RunRef): Promise<InboxEntry | undefined> {
    if (!isTaskId(run.taskId)) return undefined;
    const [row] = await this.db.query<{ id: number; entry: string }>(sql`
      select i.id, i.entry from a2a_inbox i join a2a_task t on t.task_id = i.task_id
      where ${inScope(run, run.taskId)} and t.fence = ${run.fence}
      order by i.id limit 1`);
    return row && { id: String(row.id), ...(JSON.parse(row.entry) as InboxMessage) };
  }

  async waiting(context: CallContext, taskId: string, id: string): Promise<boolean> {
    if (!isTaskId(taskId) || !isRowId(id)) return false;
    const rows = await this.db.query(sql`
      select i.id from a2a_inbox i join a2a_task t on t.task_id = i.task_id
      where ${inScope(context, taskId)} and i.id = ${Number(id)} and t.state not in ${TERMINAL}`);
    return rows.length > 0;
  }

  async withdraw(context: CallContext, taskId: string, id: string): Promise<boolean> {
    if (!isTaskId(taskId) || !isRowId(id)) return false;
    return this.db.writeTask(taskId, async (session) => {
      if (!(await lockTask(session, context, taskId))) return false;
      const which = sql`from a2a_inbox where id = ${Number(id)} and task_id = ${taskId}`;
      const [entry] = await session.query<{ message_key: string }>(sql`select message_key ${which}`);
      if (!entry) return false;
      await session.run(sql`delete ${which}`);
      // It was never answered, so the sender may send it again.
      await session.run(sql`delete from a2a_message where message_key = ${entry.message_key} and task_id = ${taskId}`);
      return true;
    });
  }

  async sweep(limit: number): Promise<number> {
    const rows = await this.db.query<{ id: number }>(sql`
      select i.id from a2a_inbox i join a2a_task t on t.task_id = i.task_id
      where t.state in ${TERMINAL} order by i.id limit ${limit}`);
    if (rows.length === 0) return 0;
    return this.db.run(sql`delete from a2a_inbox where id ${among(rows.map(({ id }) => Number(id)))}`);
  }

  /** The error for the sender of a message that the database does not take. Other errors are returned unchanged. */
  #refusal(error: unknown): unknown {
    const reason = this.db.dialect.refusal(error);
    return reason === undefined ? error : invalidParams(`The message cannot be stored: ${reason}`);
  }
}

interface Put {
  readonly key: string;
  readonly text: string;
  readonly digest: string;
  readonly limit: number;
  readonly pushConfig?: InlinePushConfig;
}

/** The lock orders puts among themselves, and against the release of the run and the end of the task. */
async function putOnce(
  session: SqlSession,
  context: CallContext,
  taskId: string,
  { key, text, digest, limit, pushConfig }: Put,
): Promise<PutResult> {
  const entry = await session.ahead(text);
  const task = await lockTask(session, context, taskId);
  if (!task) return { result: 'missing' };
  const webhooks = pushConfig && (await webhooksOf(session, taskId));
  const facts = { row: { state: fromStored(task.state) }, ...(await readFacts(session, taskId, key)) };
  const refusal = putRefusal({ ...facts, ...(webhooks && { webhooks }) }, { digest, limit, pushConfig });
  if (refusal) return refusal;
  await session.run(
    sql`insert into a2a_message (message_key, digest, task_id, created_at) values (${key}, ${digest}, ${taskId}, ${NOW})`,
  );
  if (webhooks) await patchWebhooks(session, task, storeWebhook(webhooks, pushConfig.config, Number(task.now_at)));
  const id = await session.insert(insertEntry(taskId, key, entry));
  return { result: 'queued', id: String(id) };
}

const insertEntry = (taskId: string, key: string, entry: Sql): Sql => sql`
insert into a2a_inbox (task_id, message_key, entry, created_at) values (${taskId}, ${key}, ${entry}, ${NOW})`;

interface FactsRow {
  task_id: string | null;
  digest: string | null;
  waiting: number;
}

/** What else the decision depends on: a second statement, which sees everything that was committed until the lock was held. */
async function readFacts(
  session: SqlSession,
  taskId: string,
  key: string,
): Promise<Pick<InboxFacts, 'known' | 'waiting'>> {
  const [row] = await session.query<FactsRow>(sql`
    select w.waiting, m.task_id, m.digest
    from (select count(*) as waiting from a2a_inbox where task_id = ${taskId}) w
    left join a2a_message m on m.message_key = ${key}`);
  const known = row?.task_id != null && row.digest !== null ? { taskId: row.task_id, digest: row.digest } : undefined;
  return { ...(known && { known }), waiting: Number(row?.waiting ?? 0) };
}
