import type { PoolConfig } from 'pg';
import { Subject } from 'rxjs';
import { appendFault, appendRefusal } from '../core/append-rules.js';
import { CommittedEvent } from '../committed-event.js';
import { GroupCommit, type Submitted } from '../group-commit.js';
import { fromStored } from '../task-states.js';
import type { AppendResult, RunAppend } from '../task-store.interface.js';
import { APPEND, EXPLAIN, type Explanation, LOCKED, appendValues, explainValues } from './append.statement.js';
import { plainArray } from './pg-array.js';
import { isLocked, isTransient } from './pg-errors.js';
import { isTaskId } from './task-row.js';
import type { TypeOrmStoresOptions } from './typeorm-stores.options.js';
import { WriterConnection } from './writer-connection.js';

/** How long a batch waits for rows that other sessions have locked, in ms. Rows that stay locked leave the batch. */
const LOCK_TIMEOUT_MS = 100;

/** Appends events to logs. Events that many runs write at the same time share one commit. */
export class TaskAppender {
  readonly #connection: WriterConnection;
  readonly #commits: GroupCommit<RunAppend, AppendResult>;

  constructor(
    connection: PoolConfig,
    { retryForMs, statementTimeoutMs }: TypeOrmStoresOptions = {},
    private readonly owed = new Subject<void>(),
  ) {
    this.#connection = new WriterConnection(connection, { statementTimeoutMs, lockTimeoutMs: LOCK_TIMEOUT_MS });
    this.#commits = new GroupCommit({
      commit: (batch) => this.#commit(batch),
      isTransient,
      isLocked,
      lockedOf: (appends) => this.#locked(appends),
      keyOf: ({ run }) => run.taskId,
      rowsOf: ({ events }) => events.length,
      bytesOf: ({ events }) => events.reduce((bytes, event) => bytes + event.bytes, 0),
      retryForMs,
    });
  }

  async append(append: RunAppend): Promise<AppendResult> {
    if (!isTaskId(append.run.taskId)) return { ok: false, reason: 'missing' };
    const fault = appendFault(append.events);
    if (fault) return { ok: false, reason: 'invalid', cause: fault };
    try {
      return await this.#commits.submit(append);
    } catch (cause) {
      if (isTransient(cause)) throw cause;
      return { ok: false, reason: 'invalid', cause };
    }
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.#connection.close();
  }

  async #commit(batch: readonly Submitted<RunAppend>[]): Promise<AppendResult[]> {
    // Rows are locked in the order of their ids, in every process.
    const appends = batch.map(({ item }) => item).sort((a, b) => (a.run.taskId < b.run.taskId ? -1 : 1));
    const values = appendValues(appends);
    const rows = await this.#connection.query<{ run: number; owes: boolean }>('a2a_append', APPEND, values);
    if (rows.some(({ owes }) => owes)) this.owed.next();
    const done = new Set(rows.map(({ run }) => appends[run - 1]));
    const refused = batch.filter(({ item }) => !done.has(item));
    const reasons = refused.length > 0 ? await this.#explain(refused) : new Map<RunAppend, AppendResult>();
    return batch.map(({ item }) => reasons.get(item) ?? success(item));
  }

  async #locked(appends: readonly RunAppend[]): Promise<ReadonlySet<RunAppend>> {
    const ids = plainArray(appends.map(({ run }) => run.taskId));
    const rows = await this.#connection.query<{ task_id: string }>('a2a_locked', LOCKED, [ids]);
    const locked = new Set(rows.map((row) => row.task_id));
    return new Set(appends.filter(({ run }) => locked.has(run.taskId)));
  }

  async #explain(refused: readonly Submitted<RunAppend>[]): Promise<Map<RunAppend, AppendResult>> {
    const appends = refused.map(({ item }) => item);
    const rows = await this.#connection.query<Explanation>('a2a_explain', EXPLAIN, explainValues(appends));
    return new Map(refused.map(({ item, retried }, index) => [item, resultOf(item, retried, rows[index])]));
  }
}

/**
 * A statement with an unknown outcome is simply repeated. If it was committed, the repetition is refused, and the log shows that
 * this run wrote these events itself.
 */
function resultOf(append: RunAppend, retried: boolean, row?: Explanation): AppendResult {
  if (retried && row?.written) return success(append);
  const found = row && row.state !== null ? { ...row, state: fromStored(row.state), lastSeq: row.last_seq } : undefined;
  // The append was refused because of the row at that moment, and the row has changed back since. Only another run can do that.
  return { ok: false, reason: appendRefusal(found, append) ?? 'fenced' };
}

const success = ({ run, firstSeq, events }: RunAppend): AppendResult => ({
  ok: true,
  events: events.map((event, index) => CommittedEvent.of(run, firstSeq + index, event)),
});
