import type { Subject } from 'rxjs';
import { internal } from '../../protocol/errors/index.js';
import { GroupCommit, type Submitted } from '../group-commit.js';
import { type ScopedTask, assertNewId, taskCreated } from '../scoped-task.js';
import type { CreateResult } from '../task-store.interface.js';
import { insertTasks } from './insert-tasks.js';
import { messageKey } from './keys.js';
import { refusedMessage } from './refused-message.js';
import type { SqlDatabase } from './sql-database.js';
import { isDuplicate, isTransient } from './sql-errors.js';
import type { SqlSession } from './sql-session.js';
import type { SqlStoresOptions } from './sql-stores.options.js';
import { marks } from './statement-parts.js';

interface KnownRow {
  message_key: string;
  task_id: string;
  digest: string;
}

/** Another process may send the same message at the same time, and its task may then be deleted; but this does not happen repeatedly. */
const DUPLICATE_RETRIES = 5;

/** Creates tasks, many in one commit. */
export class SqlTaskCreator {
  readonly #commits: GroupCommit<ScopedTask, CreateResult>;

  constructor(
    private readonly db: SqlDatabase,
    { retryForMs }: SqlStoresOptions,
    private readonly owed: Subject<void>,
  ) {
    this.#commits = new GroupCommit({
      commit: (batch) => this.#commit(batch),
      isTransient,
      bytesOf: ({ task }) => task.event.bytes,
      retryForMs,
    });
  }

  async create(scoped: ScopedTask): Promise<CreateResult> {
    assertNewId(scoped);
    const result = await this.#commits.submit(scoped).catch((error: unknown) => {
      throw refusal(error);
    });
    if (result.created && scoped.task.pushConfig) this.owed.next();
    return result;
  }

  close(): Promise<void> {
    return this.#commits.close();
  }

  async #commit(batch: readonly Submitted<ScopedTask>[]): Promise<CreateResult[]> {
    for (let retries = 0; ; retries++) {
      try {
        return await this.db.write((session) => write(session, batch));
      } catch (error) {
        if (!isDuplicate(error) || retries === DUPLICATE_RETRIES) throw error;
      }
    }
  }
}

async function write(session: SqlSession, batch: readonly Submitted<ScopedTask>[]): Promise<CreateResult[]> {
  const keys = batch.map(({ item: { scope, task } }) => messageKey(scope, task.messageId));
  const rows = await session.query<KnownRow>(
    `select message_key, task_id, digest from a2a_message where message_key in (${marks(keys.length)})`,
    keys,
  );
  const known = new Map(rows.map((row) => [row.message_key, { taskId: row.task_id, digest: row.digest }]));
  const created: { key: string; item: ScopedTask }[] = [];
  const results = batch.map(({ item, retried }, index): CreateResult => {
    const { task } = item;
    const key = keys[index] ?? '';
    const there = known.get(key);
    // A repeated batch that finds its own task was committed the first time.
    if (there && retried && there.taskId === task.taskId) return taskCreated(item);
    if (there) return { created: false, taskId: there.taskId, sameContent: there.digest === task.digest };
    known.set(key, task);
    created.push({ key, item });
    return taskCreated(item);
  });
  // The same order everywhere, so that two processes that received the same messages do not deadlock.
  created.sort((a, b) => (a.key < b.key ? -1 : 1));
  await insertTasks(
    session,
    created.map(({ item }) => item),
  );
  return results;
}

function refusal(error: unknown): unknown {
  const refused = refusedMessage(error);
  return isTransient(error) || refused !== error ? refused : internal(error);
}
