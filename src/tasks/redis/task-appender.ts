import type { Subject } from 'rxjs';
import { CommittedEvent } from '../committed-event.js';
import { appendFault } from '../core/append-rules.js';
import { GroupCommit, type Submitted } from '../group-commit.js';
import { isPushed } from '../is-pushed.js';
import { statusTime } from '../status-time.js';
import { toStored } from '../task-states.js';
import type { AppendResult, RunAppend } from '../task-store.interface.js';
import { encodeEntry } from './log-entry.js';
import type { RedisConnection } from './redis-connection.js';
import { isTransient } from './redis-errors.js';
import type { RedisStoresOptions } from './redis-stores.options.js';
import { APPEND } from './scripts/append.script.js';
import { scopeKey } from './task-row.js';

type Answer = 'written' | 'owes' | 'fenced' | 'terminal' | 'missing';

/**
 * Appends events to logs. Events that many runs write at the same time share one script, so a server that syncs its file at every
 * write syncs once for all of them.
 */
export class TaskAppender {
  readonly #commits: GroupCommit<RunAppend, AppendResult>;

  constructor(
    private readonly connection: RedisConnection,
    { retryForMs, commitAttempted: attempted }: RedisStoresOptions,
    private readonly owed: Subject<void>,
  ) {
    this.#commits = new GroupCommit({
      commit: (batch) => this.#commit(batch),
      isTransient,
      keyOf: ({ run }) => run.taskId,
      rowsOf: ({ events }) => events.length,
      bytesOf: ({ events }) => bytesOf({ events }),
      retryForMs,
      ...(attempted && { attempted }),
    });
  }

  async append(append: RunAppend): Promise<AppendResult> {
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
    const values = batch.flatMap(({ item, retried }) => valuesOf(item, retried));
    const answers = await this.connection.attempt<Answer[]>(APPEND, batch.length, ...values);
    if (answers.includes('owes')) this.owed.next();
    return batch.map(({ item }, index) => resultOf(item, answers[index]));
  }
}

const bytesOf = ({ events }: Pick<RunAppend, 'events'>): number =>
  events.reduce((bytes, event) => bytes + event.bytes, 0);

function resultOf({ run, firstSeq, events }: RunAppend, answer: Answer = 'missing'): AppendResult {
  if (answer !== 'written' && answer !== 'owes') return { ok: false, reason: answer };
  return { ok: true, events: events.map((event, index) => CommittedEvent.of(run, firstSeq + index, event)) };
}

function valuesOf({ run, firstSeq, events, consumes = '' }: RunAppend, retried: boolean): (string | number)[] {
  const status = events.findLast((event) => event.state !== undefined);
  const seqs = events.map((_, index) => firstSeq + index);
  const begun = seqs.findLast((_, index) => events[index]?.inbound !== undefined) ?? '';
  const pushed = seqs.filter((_, index) => isPushed(events[index]!));
  return [
    ...[run.taskId, scopeKey(run), run.fence, firstSeq, events.length, bytesOf({ events })],
    ...[status?.state ? toStored(status.state) : '', status ? (statusTime(status.statusAt) ?? '') : ''],
    status?.reason ?? '',
    ...[begun, consumes, retried ? 1 : 0, pushed.length, ...pushed],
    ...events.map((event, index) => encodeEntry(event, firstSeq + index, run.fence)),
  ];
}
