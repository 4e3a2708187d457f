import type { OnApplicationShutdown } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { CallContext } from '../../security/call-context.js';
import type { KnownMessage } from '../core/message-rules.js';
import { ComposedTaskStore } from '../composed-task.store.js';
import type { WatchedTask } from '../scoped-task.js';
import { SnapshotWriter } from '../snapshot-writer.js';
import type { TaskRecord } from '../task-record.js';
import type { SettledTasks } from '../task-store.interface.js';
import type { Database } from './database.js';
import { EventPages } from './event-pages.js';
import { plainArray } from './pg-array.js';
import { LONGEST_FIRST, RESTING, resting } from './resting.js';
import { TypeOrmSnapshotPlace } from './snapshot-place.js';
import { TaskAppender } from './task-appender.js';
import { TaskCreator } from './task-creator.js';
import { TaskListQuery } from './task-list.query.js';
import { TaskReader } from './task-reader.js';
import { TaskRemover } from './task-remover.js';
import { TASK_COLUMNS, type PostgresTaskRow, isTaskId, toHead } from './task-row.js';
import type { TypeOrmStoresOptions } from './typeorm-stores.options.js';

const KNOWN_MESSAGE = `
select task_id, digest from a2a_message where tenant = $1 and owner = $2 and agent = $3 and message_id = $4`;

const LAST_SEQS = `
select t.task_id, t.last_seq
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as w(task_id, owner, tenant, agent)
join a2a_task t on t.task_id = w.task_id and t.owner = w.owner and t.tenant = w.tenant and t.agent = w.agent`;

/** Must match the partial indexes. */
export const EXPIRED_INPUT_REQUIRED = `
select ${TASK_COLUMNS} from a2a_task t
where ${RESTING} and t.state in ('input-required', 'auth-required') and t.run_owner is null and t.not_before is null
  and not exists (select from a2a_inbox i where i.task_id = t.task_id)
order by ${LONGEST_FIRST} limit $4`;

/** Tasks in Postgres. The writers hold two connections besides the pool. */
export class TypeOrmTaskStore extends ComposedTaskStore implements OnApplicationShutdown {
  constructor(
    private readonly db: Database,
    options: TypeOrmStoresOptions = {},
    owed = new Subject<void>(),
  ) {
    const reader = new TaskReader(db);
    const snapshots = new SnapshotWriter(new TypeOrmSnapshotPlace(db, reader));
    super({
      reader,
      snapshots,
      pages: new EventPages(db),
      lists: new TaskListQuery(db, reader),
      remover: new TaskRemover(db, snapshots),
      creator: new TaskCreator(db.pool.options, options, owed),
      appender: new TaskAppender(db.pool.options, options, owed),
    });
  }

  async byMessageId({ tenant, owner, agent }: CallContext, messageId: string): Promise<KnownMessage | undefined> {
    const values = [tenant, owner, agent, messageId];
    const [row] = await this.db.query<{ task_id: string; digest: string }>(KNOWN_MESSAGE, values);
    return row && { taskId: row.task_id, digest: row.digest };
  }

  async lastSeqs(tasks: readonly WatchedTask[]): Promise<Map<string, number>> {
    const watched = tasks.filter(({ taskId }) => isTaskId(taskId));
    if (watched.length === 0) return new Map();
    const rows = await this.db.query<{ task_id: string; last_seq: number }>(LAST_SEQS, [
      plainArray(watched.map(({ taskId }) => taskId)),
      watched.map(({ owner }) => owner),
      watched.map(({ tenant }) => tenant),
      watched.map(({ agent }) => agent),
    ]);
    return new Map(rows.map((row) => [row.task_id, row.last_seq]));
  }

  async expiredInputRequired(which: SettledTasks, limit: number): Promise<TaskRecord[]> {
    const rows = await this.db.query<PostgresTaskRow>(EXPIRED_INPUT_REQUIRED, [...resting(which), limit]);
    return rows.map(toHead);
  }

  /** The pool stays open. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
