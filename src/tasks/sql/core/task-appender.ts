import type { Subject } from 'rxjs';
import { appendFault, appendRefusal } from '../../core/append-rules.js';
import { CommittedEvent } from '../../committed-event.js';
import { GroupCommit, type Submitted } from '../../group-commit.js';
import { isTaskId } from '../../row-ids.js';
import { fromStored } from '../../task-states.js';
import type { AppendResult, RunAppend } from '../../task-store.interface.js';
import type { SqlDialect } from './dialect.interface.js';
import type { SqlStoresOptions } from './sql-stores.options.js';

/** How a database writes the appends of many runs in one commit. */
export interface AppendWriter {
  /** All or nothing, except that it leaves out refused appends. */
  write(batch: readonly Submitted<RunAppend>[]): Promise<AppendOutcome>;
  /** Those of the appends whose task another session has locked. Absent: a locked task delays its batch. */
  lockedOf?(appends: readonly RunAppend[]): Promise<ReadonlySet<RunAppend>>;
  close(): Promise<void>;
}

export interface AppendOutcome {
  /** In the order of the batch. */
  readonly results: AppendResult[];
  /** Something is owed to webhooks. */
  readonly owes: boolean;
}

/** The row of a task that refused an append. */
export interface RefusingRow {
  readonly state: string;
  readonly fence: number;
  readonly last_seq: number;
}

/** Appends events to logs. Events that many runs write at the same time share one commit. */
export class SqlTaskAppender {
  readonly #commits: GroupCommit<RunAppend, AppendResult>;

  constructor(
    private readonly writer: AppendWriter,
    private readonly dialect: SqlDialect,
    { retryForMs, commitAttempted: attempted }: SqlStoresOptions,
    owed: Subject<void>,
  ) {
    this.#commits = new GroupCommit({
      commit: async (batch) => {
        const { results, owes } = await writer.write(batch);
        if (owes) owed.next();
        return results;
      },
      isTransient: (error) => dialect.isTransient(error),
      ...(writer.lockedOf && {
        isLocked: (error: unknown) => dialect.isLocked(error),
        lockedOf: (appends: readonly RunAppend[]) => writer.lockedOf!(appends),
      }),
      keyOf: ({ run }) => run.taskId,
      rowsOf: ({ events }) => events.length,
      bytesOf: ({ events }) => events.reduce((bytes, event) => bytes + event.bytes, 0),
      retryForMs,
      ...(attempted && { attempted }),
    });
  }

  async append(append: RunAppend): Promise<AppendResult> {
    if (!isTaskId(append.run.taskId)) return { ok: false, reason: 'missing' };
    const fault = appendFault(append.events);
    if (fault) return { ok: false, reason: 'invalid', cause: fault };
    try {
      return await this.#commits.submit(append);
    } catch (cause) {
      if (this.dialect.isTransient(cause)) throw cause;
      return { ok: false, reason: 'invalid', cause };
    }
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.writer.close();
  }
}

/**
 * A commit with an unknown outcome is simply repeated. If it was committed, the repetition is refused, and the log shows that this
 * run wrote these events itself (`written`). `row`: undefined if there is no such task in this scope.
 */
export function refusedAppend(append: RunAppend, row: RefusingRow | undefined, written: boolean): AppendResult {
  if (written) return appended(append);
  const found = row && { state: fromStored(row.state), fence: row.fence, lastSeq: row.last_seq };
  // The append was refused because of the row at that moment, and the row has changed back since. Only another run can do that.
  return { ok: false, reason: appendRefusal(found, append) ?? 'fenced' };
}

export const appended = ({ run, firstSeq, events }: RunAppend): AppendResult => ({
  ok: true,
  events: events.map((event, index) => CommittedEvent.of(run, firstSeq + index, event)),
});
