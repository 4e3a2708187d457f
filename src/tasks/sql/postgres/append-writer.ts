import type { PoolConfig } from 'pg';
import type { Submitted } from '../../group-commit.js';
import type { AppendResult, RunAppend } from '../../task-store.interface.js';
import { type AppendOutcome, type AppendWriter, appended, refusedAppend } from '../core/task-appender.js';
import { APPEND, EXPLAIN, type Explanation, LOCKED, appendValues, explainValues } from './append.statement.js';
import { plainArray } from './pg-array.js';
import { WriterConnection, type WriterConnectionOptions } from './writer-connection.js';

/** How long a batch waits for rows that other sessions have locked, in ms. Rows that stay locked leave the batch. */
const LOCK_TIMEOUT_MS = 100;

/** Appends many runs in one statement, over a connection of its own. */
export class PostgresAppends implements AppendWriter {
  readonly #connection: WriterConnection;

  constructor(connection: PoolConfig, options: WriterConnectionOptions) {
    this.#connection = new WriterConnection(connection, { ...options, lockTimeoutMs: LOCK_TIMEOUT_MS });
  }

  async write(batch: readonly Submitted<RunAppend>[]): Promise<AppendOutcome> {
    // Rows are locked in the order of their ids, in every process.
    const appends = batch.map(({ item }) => item).sort((a, b) => (a.run.taskId < b.run.taskId ? -1 : 1));
    const values = appendValues(appends);
    const rows = await this.#connection.query<{ run: number; owes: boolean }>('a2a_append', APPEND, values);
    const done = new Set(rows.map(({ run }) => appends[run - 1]));
    const refused = batch.filter(({ item }) => !done.has(item));
    const reasons = refused.length > 0 ? await this.#explain(refused) : new Map<RunAppend, AppendResult>();
    return {
      results: batch.map(({ item }) => reasons.get(item) ?? appended(item)),
      owes: rows.some(({ owes }) => owes),
    };
  }

  async lockedOf(appends: readonly RunAppend[]): Promise<ReadonlySet<RunAppend>> {
    const ids = plainArray(appends.map(({ run }) => run.taskId));
    const rows = await this.#connection.query<{ task_id: string }>('a2a_locked', LOCKED, [ids]);
    const locked = new Set(rows.map((row) => row.task_id));
    return new Set(appends.filter(({ run }) => locked.has(run.taskId)));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #explain(refused: readonly Submitted<RunAppend>[]): Promise<Map<RunAppend, AppendResult>> {
    const appends = refused.map(({ item }) => item);
    const rows = await this.#connection.query<Explanation>('a2a_explain', EXPLAIN, explainValues(appends));
    return new Map(
      refused.map(({ item, retried }, index) => {
        const row = rows[index];
        const found = row && row.state !== null ? { ...row, state: row.state } : undefined;
        return [item, refusedAppend(item, found, retried && row?.written === true)];
      }),
    );
  }
}
