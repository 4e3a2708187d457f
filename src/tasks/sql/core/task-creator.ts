import type { Subject } from 'rxjs';
import { internal, invalidParams } from '../../../protocol/errors/index.js';
import { GroupCommit, type Submitted } from '../../group-commit.js';
import { type ScopedTask, assertNewId, taskCreated } from '../../scoped-task.js';
import type { CreateResult } from '../../task-store.interface.js';
import type { SqlDialect } from './dialect.interface.js';
import type { SqlStoresOptions } from './sql-stores.options.js';

/** How a database creates many tasks in one commit. */
export interface CreateWriter {
  /** undefined: the message's id was taken, and was free again before its task could be read. */
  write(batch: readonly Submitted<ScopedTask>[]): Promise<(CreateResult | undefined)[]>;
  close(): Promise<void>;
}

export interface KnownRow {
  readonly task_id: string | null;
  readonly digest: string | null;
}

/** Creates tasks, many in one commit. */
export class SqlTaskCreator {
  readonly #commits: GroupCommit<ScopedTask, CreateResult | undefined>;

  constructor(
    private readonly writer: CreateWriter,
    private readonly dialect: SqlDialect,
    { retryForMs }: SqlStoresOptions,
    private readonly owed: Subject<void>,
  ) {
    this.#commits = new GroupCommit({
      commit: (batch) => writer.write(batch),
      isTransient: (error) => dialect.isTransient(error),
      bytesOf: ({ task }) => task.event.bytes,
      retryForMs,
    });
  }

  async create(scoped: ScopedTask): Promise<CreateResult> {
    assertNewId(scoped);
    for (;;) {
      const result = await this.#commits.submit(scoped).catch((error: unknown) => {
        throw this.#refusal(error);
      });
      if (!result) continue;
      if (result.created && scoped.task.pushConfigs?.length) this.owed.next();
      return result;
    }
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.writer.close();
  }

  #refusal(error: unknown): unknown {
    const reason = this.dialect.refusal(error);
    if (reason !== undefined) return invalidParams(`The message cannot be stored: ${reason}`);
    return this.dialect.isTransient(error) ? error : internal(error);
  }
}

/** The result for a message that is known. A repeated statement that finds its own task was committed the first time. */
export function knownMessage({ item, retried }: Submitted<ScopedTask>, known?: KnownRow): CreateResult | undefined {
  if (!known?.task_id) return undefined;
  if (retried && known.task_id === item.task.taskId) return taskCreated(item);
  return { created: false, taskId: known.task_id, sameContent: known.digest === item.task.digest };
}
