import type { TaskScope } from '../../../security/call-context.js';
import { isTaskId } from '../../row-ids.js';
import type { SnapshotWriter } from '../../snapshot-writer.js';
import type { SettledTasks } from '../../task-store.interface.js';
import { lockTask } from './lock-task.js';
import { keptByTrim, settledTasks } from './retention-filter.sql.js';
import { SKIP_LOCKED, type Sql, among, later, raw, sql } from './sql.js';
import type { SqlDatabase, SqlSession } from './sql-database.interface.js';
import { TERMINAL, type SqlTaskRow } from './task-row.js';

/** What is deleted with a task, whose messages stay known. */
const CONTENT = ['a2a_event', 'a2a_snapshot', 'a2a_inbox', 'a2a_outbox', 'a2a_push_queue', 'a2a_push_config'];

export const endedTasks = (which: SettledTasks, limit: number): Sql =>
  sql`${settledTasks(raw('t.task_id'), 'deletable', which, limit)} ${SKIP_LOCKED}`;

export const untrimmedTasks = (which: SettledTasks, limit: number): Sql =>
  settledTasks(raw('t.task_id, t.last_seq'), 'trimmable', which, limit);

type Ended = Pick<SqlTaskRow, 'task_id' | 'last_seq'>;

const TRIMMED_AT_ONCE = 4;

/** Deletes tasks, or trims their logs. */
export class SqlTaskRemover {
  constructor(
    private readonly db: SqlDatabase,
    private readonly snapshots: SnapshotWriter,
  ) {}

  async delete(scope: TaskScope, taskId: string): Promise<boolean> {
    if (!isTaskId(taskId)) return false;
    return this.db.writeTask(taskId, async (session) => {
      const task = await lockTask(session, scope, taskId);
      if (task) await remove(session, [taskId], [...CONTENT, 'a2a_message']);
      return task !== undefined;
    });
  }

  deleteEnded(which: SettledTasks, limit: number): Promise<number> {
    return this.db.write(async (session) => {
      const found = await session.query<Ended>(endedTasks(which, limit));
      await remove(
        session,
        found.map((row) => row.task_id),
        CONTENT,
      );
      return found.length;
    });
  }

  /** A few at a time: they are read one by one, and other callers need the pool. */
  async trimEnded(which: SettledTasks, limit: number): Promise<number> {
    const rows = await this.db.query<Ended>(untrimmedTasks(which, limit));
    const left = [...rows];
    const work = async (): Promise<void> => {
      for (let row = left.shift(); row; row = left.shift()) await this.#trimAll(row);
    };
    await Promise.all(Array.from({ length: TRIMMED_AT_ONCE }, work));
    return rows.length;
  }

  async #trimAll({ task_id: taskId, last_seq: lastSeq }: Ended): Promise<void> {
    if (await this.#cover(taskId)) return this.trim(taskId, lastSeq);
    await this.db.writeTask(taskId, (session) =>
      session.run(sql`update a2a_task set keeps_log = true where task_id = ${taskId} and trimmed_seq = 0`),
    );
  }

  /** False: the task has no snapshot and will not get one. */
  #cover(taskId: string): Promise<boolean> {
    return this.snapshots.cover(taskId).catch((error: unknown) => {
      if (this.db.dialect.refusal(error) !== undefined) return false;
      throw error;
    });
  }

  /** Every replica does this at its own times. */
  async forgetMessages(olderThanMs: number, limit: number): Promise<number> {
    return this.db.write(async (session) => {
      const old = await session.query<{ message_key: string }>(sql`
        select m.message_key from a2a_message m left join a2a_task t on t.task_id = m.task_id
        where m.created_at < ${later(-olderThanMs)} and (t.task_id is null or t.state in ${TERMINAL}) limit ${limit}`);
      if (old.length === 0) return 0;
      return session.run(sql`delete from a2a_message where message_key ${among(old.map((row) => row.message_key))}`);
    });
  }

  async trim(taskId: string, upToSeq: number): Promise<void> {
    if (!isTaskId(taskId)) return;
    const ended = sql`select task_id from a2a_task where task_id = ${taskId} and state in ${TERMINAL}`;
    if ((await this.db.query(ended)).length === 0 || !(await this.#cover(taskId))) return;
    await this.db.writeTask(taskId, async (session) => {
      const task = await lockTask(session, undefined, taskId);
      const [covered] = await session.query<{ seq: number }>(
        sql`select seq from a2a_snapshot where task_id = ${taskId}`,
      );
      if (!task || covered?.seq !== task.last_seq) return;
      const trimmed = Math.max(task.trimmed_seq, Math.min(upToSeq, task.last_seq));
      await session.run(sql`update a2a_task set trimmed_seq = ${trimmed} where task_id = ${taskId}`);
      await session.run(
        sql`delete from a2a_event where task_id = ${taskId} and seq <= ${trimmed} and seq not in (${keptByTrim(taskId)})`,
      );
    });
  }
}

/** What belongs to a task is deleted after its row: a caller that waited for the row lock finds nothing. */
async function remove(session: SqlSession, ids: readonly string[], tables: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  for (const table of ['a2a_task', ...tables])
    await session.run(sql`delete from ${raw(table)} where task_id ${among(ids)}`);
}
