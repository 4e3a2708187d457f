import type { ListTasksRequest, ListTasksResponse } from '../../protocol/model/index.js';
import type { CallContext, TaskScope } from '../../security/call-context.js';
import type { OwedSignal } from '../owed-signal.js';
import { isTaskId } from '../row-ids.js';
import { SnapshotWriter } from '../snapshot-writer.js';
import type { TaskHead, TaskSnapshot } from '../task-head.js';
import type {
  AppendResult,
  CreateResult,
  EventPage,
  EventPageLimits,
  NewTask,
  RestingTasks,
  RunAppend,
  TaskStore,
} from '../task-store.interface.js';
import { toStored } from '../task-states.js';
import { messageKey, scopeKey } from './keys.js';
import type { SqlDatabase } from './sql-database.js';
import { SqlEventPages } from './sql-event-pages.js';
import type { SqlStoresOptions } from './sql-stores.options.js';
import { SqlTaskAppender } from './sql-task-appender.js';
import { SqlTaskCreator } from './sql-task-creator.js';
import { SqlTaskList } from './sql-task-list.js';
import { SqlTaskReader } from './sql-task-reader.js';
import { SqlTaskRemover } from './sql-task-remover.js';
import { marks } from './statement-parts.js';
import { TASK_COLUMNS, type TaskRow, toHead } from './task-row.js';

/** Tasks that one statement asks for. */
const WATCHED_TOGETHER = 1000;

/** Tasks in MySQL, MariaDB or SQLite. */
export class SqlTaskStore implements TaskStore {
  readonly #reader: SqlTaskReader;
  readonly #pages: SqlEventPages;
  readonly #lists: SqlTaskList;
  readonly #snapshots: SnapshotWriter;
  readonly #remover: SqlTaskRemover;
  readonly #creator: SqlTaskCreator;
  readonly #appender: SqlTaskAppender;

  constructor(
    private readonly db: SqlDatabase,
    options: SqlStoresOptions,
    owed: OwedSignal,
  ) {
    this.#reader = new SqlTaskReader(db);
    this.#pages = new SqlEventPages(db);
    this.#lists = new SqlTaskList(db);
    this.#snapshots = new SnapshotWriter(this.#reader);
    this.#remover = new SqlTaskRemover(db, this.#snapshots);
    this.#creator = new SqlTaskCreator(db, options, owed);
    this.#appender = new SqlTaskAppender(db, options, owed);
  }

  create({ owner, tenant, agent }: CallContext, task: NewTask): Promise<CreateResult> {
    return this.#creator.create({ scope: { owner, tenant, agent }, task });
  }

  async append(append: RunAppend): Promise<AppendResult> {
    const result = await this.#appender.append(append);
    if (result.ok) this.#snapshots.appended(append);
    return result;
  }

  async byMessageId(
    context: CallContext,
    messageId: string,
  ): Promise<{ readonly taskId: string; readonly digest: string } | undefined> {
    const [row] = await this.db.query<{ task_id: string; digest: string }>(
      `select task_id, digest from a2a_message where message_key = ?`,
      [messageKey(context, messageId)],
    );
    return row && { taskId: row.task_id, digest: row.digest };
  }

  head(context: CallContext, taskId: string): Promise<TaskHead | undefined> {
    return this.#reader.head(context, taskId);
  }

  get(context: CallContext, taskId: string): Promise<TaskSnapshot | undefined> {
    return this.#reader.get(context, taskId);
  }

  list(context: CallContext, query: ListTasksRequest): Promise<ListTasksResponse> {
    return this.#lists.list(context, query);
  }

  eventsAfter(
    context: CallContext,
    taskId: string,
    afterSeq: number,
    limits?: EventPageLimits,
  ): Promise<EventPage | undefined> {
    return this.#pages.page(context, taskId, afterSeq, limits);
  }

  async lastSeqs(tasks: readonly (TaskScope & { readonly taskId: string })[]): Promise<Map<string, number>> {
    const scopes = new Map(tasks.filter(({ taskId }) => isTaskId(taskId)).map((task) => [task.taskId, scopeKey(task)]));
    const ids = [...scopes.keys()];
    const found = new Map<string, number>();
    for (let from = 0; from < ids.length; from += WATCHED_TOGETHER) {
      const some = ids.slice(from, from + WATCHED_TOGETHER);
      const rows = await this.db.query<{ task_id: string; scope: string; last_seq: number }>(
        `select task_id, scope, last_seq from a2a_task where task_id in (${marks(some.length)})`,
        some,
      );
      for (const row of rows) if (scopes.get(row.task_id) === row.scope) found.set(row.task_id, row.last_seq);
    }
    return found;
  }

  delete(context: CallContext, taskId: string): Promise<boolean> {
    return this.#remover.delete(context, taskId);
  }

  deleteEnded(which: RestingTasks, limit: number): Promise<number> {
    return this.#remover.deleteEnded(which, limit);
  }

  trimEnded(which: RestingTasks, limit: number): Promise<number> {
    return this.#remover.trimEnded(which, limit);
  }

  async abandoned({ agent, state, forMs }: RestingTasks, limit: number): Promise<TaskHead[]> {
    const rows = await this.db.query<TaskRow>(
      `select ${TASK_COLUMNS} from a2a_task t
       where t.agent = ? and t.state = ? and t.rested_at <= ${this.db.dialect.now} - ?
         and t.state in ('input-required', 'auth-required') and t.run_owner is null and t.waits is null
         and not exists (select 1 from a2a_inbox i where i.task_id = t.task_id)
       order by t.rested_at limit ?`,
      [agent, toStored(state), Math.round(forMs), limit],
    );
    return rows.map(toHead);
  }

  forgetMessages(olderThanMs: number, limit: number): Promise<number> {
    return this.#remover.forgetMessages(olderThanMs, limit);
  }

  trim(taskId: string, upToSeq: number): Promise<void> {
    return this.#remover.trim(taskId, upToSeq);
  }

  /** Resolves when no snapshot is being made. */
  idle(): Promise<void> {
    return this.#snapshots.idle();
  }

  /** Commits what waits; the DataSource stays open. */
  async close(): Promise<void> {
    await Promise.all([this.#creator.close(), this.#appender.close()]);
    await this.#snapshots.close();
  }
}
