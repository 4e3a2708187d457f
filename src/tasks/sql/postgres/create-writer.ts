import type { PoolConfig } from 'pg';
import type { Submitted } from '../../group-commit.js';
import { type ScopedTask, taskCreated } from '../../scoped-task.js';
import type { CreateResult } from '../../task-store.interface.js';
import { messageKey } from '../core/keys.js';
import { type CreateWriter, type KnownRow, knownMessage } from '../core/task-creator.js';
import { CREATE, KNOWN_MESSAGES, createValues, messageKeys } from './create.statement.js';
import { WriterConnection, type WriterConnectionOptions } from './writer-connection.js';

/** Creates many tasks in one statement, over a connection of its own. */
export class PostgresCreates implements CreateWriter {
  readonly #connection: WriterConnection;

  constructor(connection: PoolConfig, options: WriterConnectionOptions) {
    this.#connection = new WriterConnection(connection, options);
  }

  async write(batch: readonly Submitted<ScopedTask>[]): Promise<(CreateResult | undefined)[]> {
    // The same order everywhere, so that two processes that received the same messages do not deadlock.
    const sorted = batch.map(({ item }) => item).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const rows = await this.#connection.query<{ task_id: string }>('a2a_create', CREATE, createValues(sorted));
    const created = new Set(rows.map((row) => row.task_id));
    const losers = batch.filter(({ item }) => !created.has(item.task.taskId));
    const known = losers.length > 0 ? await this.#known(losers) : new Map<ScopedTask, CreateResult | undefined>();
    return batch.map(({ item }) => (known.has(item) ? known.get(item) : taskCreated(item)));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #known(losers: readonly Submitted<ScopedTask>[]): Promise<Map<ScopedTask, CreateResult | undefined>> {
    const keys = messageKeys(losers.map(({ item }) => item));
    const rows = await this.#connection.query<KnownRow & object>('a2a_known_messages', KNOWN_MESSAGES, [keys]);
    return new Map(losers.map((loser, index) => [loser.item, knownMessage(loser, rows[index])]));
  }
}

const keyOf = ({ scope, task }: ScopedTask): string => messageKey(scope, task.messageId);
