import type { PoolConfig } from 'pg';
import { Subject } from 'rxjs';
import { internal, invalidParams } from '../../protocol/errors/index.js';
import { GroupCommit, type Submitted } from '../group-commit.js';
import { type ScopedTask, assertNewId, taskCreated } from '../scoped-task.js';
import type { CreateResult } from '../task-store.interface.js';
import { CREATE, KNOWN_MESSAGES, createValues, messageKeys } from './create.statement.js';
import { isTransient, sqlState } from './pg-errors.js';
import type { TypeOrmStoresOptions } from './typeorm-stores.options.js';
import { WriterConnection } from './writer-connection.js';

const UNIQUE_VIOLATION = '23505';

interface KnownRow {
  task_id: string | null;
  digest: string | null;
}

/** Creates tasks, many in one commit. */
export class TaskCreator {
  readonly #connection: WriterConnection;
  readonly #commits: GroupCommit<ScopedTask, CreateResult | undefined>;

  constructor(
    connection: PoolConfig,
    { retryForMs, statementTimeoutMs }: TypeOrmStoresOptions = {},
    private readonly owed = new Subject<void>(),
  ) {
    this.#connection = new WriterConnection(connection, { statementTimeoutMs });
    this.#commits = new GroupCommit({
      commit: (batch) => this.#commit(batch),
      isTransient,
      bytesOf: ({ task }) => task.event.bytes,
      retryForMs,
    });
  }

  async create(scoped: ScopedTask): Promise<CreateResult> {
    assertNewId(scoped);
    for (;;) {
      const result = await this.#commits.submit(scoped).catch((error: unknown) => {
        throw refusal(error);
      });
      // No result: the messageId was taken, and was deleted before its task could be read. It is free again.
      if (result?.created && scoped.task.pushConfig) this.owed.next();
      if (result) return result;
    }
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.#connection.close();
  }

  async #commit(batch: readonly Submitted<ScopedTask>[]): Promise<(CreateResult | undefined)[]> {
    // The same order everywhere, so that two processes that received the same messages do not deadlock.
    const sorted = batch.map(({ item }) => item).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const rows = await this.#connection.query<{ task_id: string }>('a2a_create', CREATE, createValues(sorted));
    const created = new Set(rows.map((row) => row.task_id));
    const losers = batch.filter(({ item }) => !created.has(item.task.taskId));
    const known = losers.length > 0 ? await this.#known(losers) : new Map<ScopedTask, CreateResult | undefined>();
    return batch.map(({ item }) => (known.has(item) ? known.get(item) : taskCreated(item)));
  }

  async #known(losers: readonly Submitted<ScopedTask>[]): Promise<Map<ScopedTask, CreateResult | undefined>> {
    const keys = messageKeys(losers.map(({ item }) => item));
    const rows = await this.#connection.query<KnownRow>('a2a_known_messages', KNOWN_MESSAGES, keys);
    return new Map(losers.map(({ item, retried }, index) => [item, resultOf(item, retried, rows[index])]));
  }
}

function resultOf(scoped: ScopedTask, retried: boolean, known?: KnownRow): CreateResult | undefined {
  const { task } = scoped;
  if (!known?.task_id) return undefined;
  // A repeated statement that finds its own task was committed the first time.
  if (retried && known.task_id === task.taskId) return taskCreated(scoped);
  return { created: false, taskId: known.task_id, sameContent: known.digest === task.digest };
}

const keyOf = ({ scope, task }: ScopedTask): string =>
  JSON.stringify([scope.tenant, scope.owner, scope.agent, task.messageId]);

function refusal(error: unknown): unknown {
  const state = sqlState(error);
  if (isTransient(error)) return error;
  if (state === undefined || state === UNIQUE_VIOLATION) return internal(error);
  return invalidParams('The message cannot be stored: the database refuses its content (it may be nested too deeply).');
}
