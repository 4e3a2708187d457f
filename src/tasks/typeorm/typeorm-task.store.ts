import type { OnApplicationShutdown } from '@nestjs/common';
import type { ListTasksRequest, ListTasksResponse } from '../../protocol/model/index.js';
import type { CallContext } from '../../security/call-context.js';
import { OwedSignal } from '../owed-signal.js';
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
import { abandoned } from './abandoned.query.js';
import type { Database } from './database.js';
import { EventPages } from './event-pages.js';
import { lastSeqs, type WatchedTask } from './last-seqs.query.js';
import { type KnownMessage, knownMessage } from './known-message.query.js';
import { TypeOrmSnapshotPlace } from './snapshot-place.js';
import { TaskAppender } from './task-appender.js';
import { TaskCreator } from './task-creator.js';
import { TaskListQuery } from './task-list.query.js';
import { TaskReader } from './task-reader.js';
import { TaskRemover } from './task-remover.js';
import type { TypeOrmStoresOptions } from './typeorm-stores.options.js';

/** Tasks in Postgres. The writers hold two connections beside the pool. */
export class TypeOrmTaskStore implements TaskStore, OnApplicationShutdown {
  readonly #reader: TaskReader;
  readonly #pages: EventPages;
  readonly #lists: TaskListQuery;
  readonly #snapshots: SnapshotWriter;
  readonly #remover: TaskRemover;
  readonly #creator: TaskCreator;
  readonly #appender: TaskAppender;

  constructor(
    private readonly db: Database,
    options: TypeOrmStoresOptions = {},
    owed = new OwedSignal(),
  ) {
    this.#reader = new TaskReader(db);
    this.#pages = new EventPages(db);
    this.#lists = new TaskListQuery(db, this.#reader);
    this.#snapshots = new SnapshotWriter(new TypeOrmSnapshotPlace(db, this.#reader));
    this.#remover = new TaskRemover(db, this.#snapshots);
    this.#creator = new TaskCreator(db.pool.options, options, owed);
    this.#appender = new TaskAppender(db.pool.options, options, owed);
  }

  create({ owner, tenant, agent }: CallContext, task: NewTask): Promise<CreateResult> {
    return this.#creator.create({ scope: { owner, tenant, agent }, task });
  }

  async append(append: RunAppend): Promise<AppendResult> {
    const result = await this.#appender.append(append);
    if (result.ok) this.#snapshots.appended(append);
    return result;
  }

  byMessageId(context: CallContext, messageId: string): Promise<KnownMessage | undefined> {
    return knownMessage(this.db, context, messageId);
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

  lastSeqs(tasks: readonly WatchedTask[]): Promise<Map<string, number>> {
    return lastSeqs(this.db, tasks);
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
    return abandoned(this.db, which, limit);
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

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /** Commits what waits and closes the writers' connections; the pool stays open. */
  async close(): Promise<void> {
    await Promise.all([this.#creator.close(), this.#appender.close()]);
    await this.#snapshots.close();
  }
}
