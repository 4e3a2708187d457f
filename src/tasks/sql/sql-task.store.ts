import type { Subject } from 'rxjs';
import type { CallContext } from '../../security/call-context.js';
import { ComposedTaskStore } from '../composed-task.store.js';
import { isTaskId } from '../row-ids.js';
import type { WatchedTask } from '../scoped-task.js';
import { SnapshotWriter } from '../snapshot-writer.js';
import type { TaskRecord } from '../task-record.js';
import type { SettledTasks } from '../task-store.interface.js';
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
import { TASK_COLUMNS, type SqlTaskRow, toHead } from './task-row.js';

/** The most tasks that one statement asks for. */
const WATCHED_TOGETHER = 1000;

/** Tasks in MySQL, MariaDB or SQLite. The DataSource belongs to its creator. */
export class SqlTaskStore extends ComposedTaskStore {
  constructor(
    private readonly db: SqlDatabase,
    options: SqlStoresOptions,
    owed: Subject<void>,
  ) {
    const reader = new SqlTaskReader(db);
    const snapshots = new SnapshotWriter(reader);
    super({
      reader,
      snapshots,
      pages: new SqlEventPages(db),
      lists: new SqlTaskList(db),
      remover: new SqlTaskRemover(db, snapshots),
      creator: new SqlTaskCreator(db, options, owed),
      appender: new SqlTaskAppender(db, options, owed),
    });
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

  async lastSeqs(tasks: readonly WatchedTask[]): Promise<Map<string, number>> {
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

  async expiredInputRequired({ agent, state, forMs }: SettledTasks, limit: number): Promise<TaskRecord[]> {
    const rows = await this.db.query<SqlTaskRow>(
      `select ${TASK_COLUMNS} from a2a_task t
       where t.agent = ? and t.state = ? and t.rested_at <= ${this.db.dialect.now} - ?
         and t.state in ('input-required', 'auth-required') and t.run_owner is null and t.waits is null
         and not exists (select 1 from a2a_inbox i where i.task_id = t.task_id)
       order by t.rested_at limit ?`,
      [agent, toStored(state), Math.round(forMs), limit],
    );
    return rows.map(toHead);
  }
}
