import type { TaskScope } from '../../security/call-context.js';
import { isTaskId } from '../row-ids.js';
import type { SnapshotWriter } from '../snapshot-writer.js';
import type { SettledTasks } from '../task-store.interface.js';
import { TERMINAL_SQL, toStored } from '../task-states.js';
import type { SqlDatabase } from './sql-database.js';
import type { SqlDialect } from './sql-dialect.js';
import { PacketTooLargeError } from './sql-errors.js';
import type { SqlSession } from './sql-session.js';
import { marks } from './statement-parts.js';
import { IN_SCOPE, scoped } from './task-row.js';

const CONTENT = ['a2a_event', 'a2a_snapshot', 'a2a_inbox', 'a2a_push_config', 'a2a_outbox'];

const resting = ({ now }: SqlDialect): string => `
select t.task_id, t.last_seq from a2a_task t where t.agent = ? and t.state = ? and t.rested_at <= ${now} - ?`;

const KEEP_LOG = `update a2a_task set keeps_log = 1 where task_id = ? and trimmed_seq = 0`;

/** Events that are still owed to webhooks stay, hidden from readers. */
const TRIM_EVENTS = `
delete from a2a_event where task_id = ? and seq <= ?
  and seq not in (select o.seq from a2a_outbox o where o.task_id = ?)`;

/** Deletes tasks, or trims their logs. */
export class SqlTaskRemover {
  constructor(
    private readonly db: SqlDatabase,
    private readonly snapshots: SnapshotWriter,
  ) {}

  async delete(scope: TaskScope, taskId: string): Promise<boolean> {
    if (!isTaskId(taskId)) return false;
    return this.db.write(async (session) => {
      const find = `select t.task_id from a2a_task t where ${IN_SCOPE} ${session.dialect.forUpdate}`;
      const found = await session.query<{ task_id: string }>(find, scoped(scope, taskId));
      return (await remove(session, found, [...CONTENT, 'a2a_message'])) > 0;
    });
  }

  deleteEnded({ agent, state, forMs }: SettledTasks, limit: number): Promise<number> {
    return this.db.write(async (session) => {
      const find = `${resting(session.dialect)} and t.state in ${TERMINAL_SQL}
        and not exists (select 1 from a2a_outbox o where o.task_id = t.task_id and o.dead_at is null)
        order by t.rested_at limit ? ${session.dialect.skipLocked}`;
      const found = await session.query<{ task_id: string }>(find, [agent, toStored(state), Math.round(forMs), limit]);
      return remove(session, found, CONTENT);
    });
  }

  async trimEnded({ agent, state, forMs }: SettledTasks, limit: number): Promise<number> {
    const rows = await this.db.query<{ task_id: string; last_seq: number }>(
      `${resting(this.db.dialect)} and t.state in ${TERMINAL_SQL} and t.trimmed_seq = 0 and t.keeps_log = 0
       order by t.rested_at limit ?`,
      [agent, toStored(state), Math.round(forMs), limit],
    );
    for (const row of rows) await this.#trimAll(row.task_id, row.last_seq);
    return rows.length;
  }

  async #trimAll(taskId: string, lastSeq: number): Promise<void> {
    if (await this.#cover(taskId)) await this.trim(taskId, lastSeq);
    else await this.db.write((session) => session.run(KEEP_LOG, [taskId]));
  }

  /** False: the task has no snapshot and will not get one. */
  #cover(taskId: string): Promise<boolean> {
    return this.snapshots.cover(taskId).catch((error: unknown) => {
      if (error instanceof PacketTooLargeError) return false;
      throw error;
    });
  }

  async forgetMessages(olderThanMs: number, limit: number): Promise<number> {
    const { now } = this.db.dialect;
    const old = await this.db.query<{ message_key: string }>(
      `select m.message_key from a2a_message m left join a2a_task t on t.task_id = m.task_id
       where m.created_at < ${now} - ? and (t.task_id is null or t.state in ${TERMINAL_SQL}) limit ?`,
      [Math.round(olderThanMs), limit],
    );
    if (old.length === 0) return 0;
    const forget = `delete from a2a_message where message_key in (${marks(old.length)})`;
    return this.db.write((session) =>
      session.run(
        forget,
        old.map((row) => row.message_key),
      ),
    );
  }

  async trim(taskId: string, upToSeq: number): Promise<void> {
    if (!isTaskId(taskId)) return;
    const ended = `select task_id from a2a_task where task_id = ? and state in ${TERMINAL_SQL}`;
    if ((await this.db.query(ended, [taskId])).length === 0 || !(await this.#cover(taskId))) return;
    await this.db.write(async (session) => {
      const [task] = await session.query<{ last_seq: number; trimmed_seq: number; covered: number | null }>(
        `select t.last_seq, t.trimmed_seq, (select s.seq from a2a_snapshot s where s.task_id = t.task_id) as covered
         from a2a_task t where t.task_id = ? and t.state in ${TERMINAL_SQL} ${session.dialect.forUpdate}`,
        [taskId],
      );
      if (task?.covered !== task?.last_seq || !task) return;
      const trimmed = Math.max(task.trimmed_seq, Math.min(upToSeq, task.last_seq));
      await session.run(`update a2a_task set trimmed_seq = ? where task_id = ?`, [trimmed, taskId]);
      await session.run(TRIM_EVENTS, [taskId, trimmed, taskId]);
    });
  }
}

/** What belongs to a task is deleted after its row: a caller that waited for the row lock finds nothing. */
async function remove(
  session: SqlSession,
  tasks: readonly { task_id: string }[],
  tables: readonly string[],
): Promise<number> {
  if (tasks.length === 0) return 0;
  const ids = tasks.map((task) => task.task_id);
  for (const table of ['a2a_task', ...tables]) {
    await session.run(`delete from ${table} where task_id in (${marks(ids.length)})`, ids);
  }
  return ids.length;
}
