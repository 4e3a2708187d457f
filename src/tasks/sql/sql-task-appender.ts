import type { Subject } from 'rxjs';
import { appendFault, appendRefusal } from '../core/append-rules.js';
import { CommittedEvent } from '../committed-event.js';
import { GroupCommit, type Submitted } from '../group-commit.js';
import { isPushed } from '../is-pushed.js';
import { isRowId, isTaskId } from '../row-ids.js';
import type { AppendResult, RunAppend } from '../task-store.interface.js';
import { fromStored } from '../task-states.js';
import { NEW_EVENT_COLUMNS, eventValues } from './event-columns.js';
import { scopeKey } from './keys.js';
import { oweEvents } from './owe-events.js';
import { setPositions } from './set-positions.js';
import type { SqlDatabase } from './sql-database.js';
import { isTransient } from './sql-errors.js';
import type { SqlSession } from './sql-session.js';
import type { SqlStoresOptions } from './sql-stores.options.js';
import { insertRows, marks } from './statement-parts.js';

interface LockedRow {
  task_id: string;
  scope: string;
  fence: number;
  last_seq: number;
  state: string;
  webhooks: number;
}

/** Appends events to logs. Events that many runs write at the same time share one commit. */
export class SqlTaskAppender {
  readonly #commits: GroupCommit<RunAppend, AppendResult>;

  constructor(
    private readonly db: SqlDatabase,
    { retryForMs }: SqlStoresOptions,
    private readonly owed: Subject<void>,
  ) {
    this.#commits = new GroupCommit({
      commit: (batch) => this.#commit(batch),
      isTransient,
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

  close(): Promise<void> {
    return this.#commits.close();
  }

  async #commit(batch: readonly Submitted<RunAppend>[]): Promise<AppendResult[]> {
    const { results, owes } = await this.db.write((session) => this.#write(session, batch));
    if (owes) this.owed.next();
    return results;
  }

  async #write(
    session: SqlSession,
    batch: readonly Submitted<RunAppend>[],
  ): Promise<{ results: AppendResult[]; owes: boolean }> {
    const rows = await lock(session, batch);
    const results: AppendResult[] = [];
    const accepted: RunAppend[] = [];
    for (const submitted of batch) {
      const result = await judge(session, submitted, rows.get(submitted.item.run.taskId));
      results.push(result ?? success(submitted.item));
      if (!result) accepted.push(submitted.item);
    }
    if (accepted.length === 0) return { results, owes: false };
    await setPositions(session, accepted);
    await insertRows(session, 'a2a_event', NEW_EVENT_COLUMNS, accepted.flatMap(eventRows));
    await consume(session, accepted);
    const owed = accepted
      .filter(({ run }) => (rows.get(run.taskId)?.webhooks ?? 0) > 0)
      .map(({ run, firstSeq, events }) => ({
        taskId: run.taskId,
        seqs: events.flatMap((event, index) => (isPushed(event) ? [firstSeq + index] : [])),
      }))
      .filter(({ seqs }) => seqs.length > 0);
    await oweEvents(session, owed);
    return { results, owes: owed.length > 0 };
  }
}

/** Locks the rows of the batch until the commit, so that nobody else changes them. All code locks rows in the order of their ids. */
async function lock(
  session: SqlSession,
  batch: readonly Submitted<RunAppend>[],
): Promise<ReadonlyMap<string, LockedRow>> {
  const ids = batch.map(({ item }) => item.run.taskId).sort();
  const rows = await session.query<LockedRow>(
    `select task_id, scope, fence, last_seq, state, webhooks from a2a_task
     where task_id in (${marks(ids.length)}) order by task_id ${session.dialect.forUpdate}`,
    ids,
  );
  return new Map(rows.map((row) => [row.task_id, row]));
}

/**
 * Why the run may not append; undefined: it may. A batch whose commit had an unknown outcome is repeated: if it was committed, the
 * log shows that this run wrote these events itself.
 */
async function judge(
  session: SqlSession,
  { item: { run, firstSeq, events }, retried }: Submitted<RunAppend>,
  row: LockedRow | undefined,
): Promise<AppendResult | undefined> {
  const mine = row?.scope === scopeKey(run) ? row : undefined;
  const reason = appendRefusal(mine && { state: fromStored(mine.state), fence: mine.fence, lastSeq: mine.last_seq }, {
    run,
    firstSeq,
  });
  if (!reason) return undefined;
  const last = events.at(-1);
  if (mine && retried && last) {
    const [written] = await session.query<{ fence: number; data: string }>(
      `select fence, data from a2a_event where task_id = ? and seq = ?`,
      [run.taskId, firstSeq + events.length - 1],
    );
    if (written?.fence === run.fence && written.data === last.data) return success({ run, firstSeq, events });
  }
  return { ok: false, reason };
}

async function consume(session: SqlSession, appends: readonly RunAppend[]): Promise<void> {
  for (const { run, consumes } of appends) {
    if (consumes === undefined || !isRowId(consumes)) continue;
    await session.run(`delete from a2a_inbox where id = ? and task_id = ?`, [Number(consumes), run.taskId]);
  }
}

const eventRows = ({ run, firstSeq, events }: RunAppend) =>
  events.map((event, index) => eventValues(run.taskId, firstSeq + index, run.fence, event));

const success = ({ run, firstSeq, events }: RunAppend): AppendResult => ({
  ok: true,
  events: events.map((event, index) => CommittedEvent.of(run, firstSeq + index, event)),
});
