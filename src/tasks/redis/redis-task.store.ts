import type { ListTasksRequest, ListTasksResponse } from '../../protocol/model/index.js';
import type { CallContext, TaskScope } from '../../security/call-context.js';
import type { OwedSignal } from '../owed-signal.js';
import { SnapshotWriter } from '../snapshot-writer.js';
import type { TaskHead, TaskSnapshot } from '../task-head.js';
import type {
  AppendResult,
  CreateResult,
  EventPage,
  EventPageLimits,
  NewTask,
  RestingTasks,
  RunAppend,
  TaskStore,
} from '../task-store.interface.js';
import { EventPages } from './event-pages.js';
import { type KnownMessage, toKnownMessage } from './known-message.js';
import type { RedisConnection } from './redis-connection.js';
import type { RedisStoresOptions } from './redis-stores.options.js';
import { KNOWN_MESSAGE, LAST_SEQS } from './scripts/read.scripts.js';
import { RedisSnapshotPlace } from './snapshot-place.js';
import { TaskAppender } from './task-appender.js';
import { TaskCreator } from './task-creator.js';
import { TaskListQuery } from './task-list.query.js';
import { TaskReader } from './task-reader.js';
import { TaskRemover } from './task-remover.js';
import { scopeKey } from './task-row.js';

type WatchedTask = TaskScope & { readonly taskId: string };

/** Tasks that one script looks at. */
const WATCHED_AT_ONCE = 1_000;

/** Tasks in Redis. `writes` is a connection of its own, so that no long answer is before that of a write. */
export class RedisTaskStore implements TaskStore {
  readonly #reader: TaskReader;
  readonly #pages: EventPages;
  readonly #lists: TaskListQuery;
  readonly #snapshots: SnapshotWriter;
  readonly #remover: TaskRemover;
  readonly #creator: TaskCreator;
  readonly #appender: TaskAppender;

  constructor(
    private readonly reads: RedisConnection,
    writes: RedisConnection,
    options: RedisStoresOptions,
    owed: OwedSignal,
  ) {
    this.#reader = new TaskReader(reads);
    this.#pages = new EventPages(reads);
    this.#lists = new TaskListQuery(reads, this.#reader);
    this.#snapshots = new SnapshotWriter(new RedisSnapshotPlace(reads, this.#reader));
    this.#remover = new TaskRemover(reads, this.#snapshots);
    this.#creator = new TaskCreator(writes, options, owed);
    this.#appender = new TaskAppender(writes, options, owed);
  }

  create(context: CallContext, task: NewTask): Promise<CreateResult> {
    return this.#creator.create(context, task);
  }

  async append(append: RunAppend): Promise<AppendResult> {
    const result = await this.#appender.append(append);
    if (result.ok) this.#snapshots.appended(append);
    return result;
  }

  async byMessageId(context: CallContext, messageId: string): Promise<KnownMessage | undefined> {
    const kept = await this.reads.run<string | null>(KNOWN_MESSAGE, scopeKey(context), messageId);
    return kept === null ? undefined : toKnownMessage(kept);
  }

  head(context: CallContext, taskId: string): Promise<TaskHead | undefined> {
    return this.#reader.head(context, taskId);
  }

  get(context: CallContext, taskId: string): Promise<TaskSnapshot | undefined> {
    return this.#reader.get(context, taskId);
  }

  list(context: CallContext, query: ListTasksRequest): Promise<ListTasksResponse> {
    return this.#lists.list(context, query);
  }

  eventsAfter(
    context: CallContext,
    taskId: string,
    afterSeq: number,
    limits?: EventPageLimits,
  ): Promise<EventPage | undefined> {
    return this.#pages.page(context, taskId, afterSeq, limits);
  }

  async lastSeqs(tasks: readonly WatchedTask[]): Promise<Map<string, number>> {
    const seqs = new Map<string, number>();
    for (let from = 0; from < tasks.length; from += WATCHED_AT_ONCE) {
      const asked = tasks.slice(from, from + WATCHED_AT_ONCE);
      const values = asked.flatMap((task) => [task.taskId, scopeKey(task)]);
      const found = await this.reads.run<string[]>(LAST_SEQS, ...values);
      for (const [index, { taskId }] of asked.entries()) if (found[index]) seqs.set(taskId, Number(found[index]));
    }
    return seqs;
  }

  delete(context: CallContext, taskId: string): Promise<boolean> {
    return this.#remover.delete(context, taskId);
  }

  deleteEnded(which: RestingTasks, limit: number): Promise<number> {
    return this.#remover.deleteEnded(which, limit);
  }

  trimEnded(which: RestingTasks, limit: number): Promise<number> {
    return this.#remover.trimEnded(which, limit);
  }

  abandoned(which: RestingTasks, limit: number): Promise<TaskHead[]> {
    return this.#remover.abandoned(which, limit);
  }

  forgetMessages(olderThanMs: number, limit: number): Promise<number> {
    return this.#remover.forgetMessages(olderThanMs, limit);
  }

  trim(taskId: string, upToSeq: number): Promise<void> {
    return this.#remover.trim(taskId, upToSeq);
  }

  /** Resolves when no snapshot is being made. */
  idle(): Promise<void> {
    return this.#snapshots.idle();
  }

  /** Commits what waits; the connections stay open. */
  async close(): Promise<void> {
    await Promise.all([this.#creator.close(), this.#appender.close()]);
    await this.#snapshots.close();
  }
}
