import type { ListTasksRequest, ListTasksResponse } from '../protocol/model/index.js';
import type { StoredUsage } from '../common/quotas/known-usage.js';
import type { CallContext } from '../security/call-context.js';
import type { ListLimits } from './list-page.js';
import { type OpenTask, wholeTask } from './open-task.js';
import type { ScopedTask, WatchedTask } from './scoped-task.js';
import type { SnapshotWriter } from './snapshot-writer.js';
import type { TaskRecord, TaskSnapshot } from './task-record.js';
import type {
  AppendResult,
  CreateResult,
  EventPage,
  EventPageLimits,
  NewTask,
  SettledTasks,
  RunAppend,
  TaskStore,
  UsageOf,
} from './task-store.interface.js';

/** The parts that a storage implements. See TaskStore for what each call returns. */
export interface TaskStoreParts {
  readonly reader: Pick<TaskStore, 'head' | 'open'>;
  readonly pages: {
    page(
      context: CallContext,
      taskId: string,
      afterSeq: number,
      limits?: EventPageLimits,
    ): Promise<EventPage | undefined>;
  };
  readonly lists: Pick<TaskStore, 'list'>;
  readonly remover: Pick<TaskStore, 'delete' | 'deleteEnded' | 'trimEnded' | 'forgetMessages' | 'trim'>;
  readonly creator: { create(made: ScopedTask): Promise<CreateResult>; close(): Promise<void> };
  readonly appender: Pick<TaskStore, 'append'> & { close(): Promise<void> };
  readonly snapshots: Pick<SnapshotWriter, 'appended' | 'idle' | 'close'>;
}

/** A task store on durable storage: it delegates each call to one of its parts, and requests snapshots after appends. */
export abstract class ComposedTaskStore implements TaskStore {
  readonly #parts: TaskStoreParts;

  protected constructor(parts: TaskStoreParts) {
    this.#parts = parts;
  }

  abstract byMessageId(
    context: CallContext,
    messageId: string,
  ): Promise<{ readonly taskId: string; readonly digest: string } | undefined>;
  abstract lastSeqs(tasks: readonly WatchedTask[]): Promise<Map<string, number>>;
  abstract usage(of: UsageOf, maxTasks?: number): Promise<StoredUsage>;
  abstract expiredInputRequired(which: SettledTasks, limit: number): Promise<TaskRecord[]>;

  create({ owner, tenant, agent }: CallContext, task: NewTask): Promise<CreateResult> {
    return this.#parts.creator.create({ scope: { owner, tenant, agent }, task });
  }

  async append(append: RunAppend): Promise<AppendResult> {
    const result = await this.#parts.appender.append(append);
    if (result.ok) this.#parts.snapshots.appended(append);
    return result;
  }

  head(context: CallContext, taskId: string): Promise<TaskRecord | undefined> {
    return this.#parts.reader.head(context, taskId);
  }

  get(context: CallContext, taskId: string): Promise<TaskSnapshot | undefined> {
    return wholeTask(taskId, () => this.open(context, taskId));
  }

  open(context: CallContext, taskId: string): Promise<OpenTask | undefined> {
    return this.#parts.reader.open(context, taskId);
  }

  list(context: CallContext, query: ListTasksRequest, limits?: ListLimits): Promise<ListTasksResponse> {
    return this.#parts.lists.list(context, query, limits);
  }

  eventsAfter(
    context: CallContext,
    taskId: string,
    afterSeq: number,
    limits?: EventPageLimits,
  ): Promise<EventPage | undefined> {
    return this.#parts.pages.page(context, taskId, afterSeq, limits);
  }

  delete(context: CallContext, taskId: string): Promise<boolean> {
    return this.#parts.remover.delete(context, taskId);
  }

  deleteEnded(which: SettledTasks, limit: number): Promise<number> {
    return this.#parts.remover.deleteEnded(which, limit);
  }

  trimEnded(which: SettledTasks, limit: number): Promise<number> {
    return this.#parts.remover.trimEnded(which, limit);
  }

  forgetMessages(olderThanMs: number, limit: number): Promise<number> {
    return this.#parts.remover.forgetMessages(olderThanMs, limit);
  }

  trim(taskId: string, upToSeq: number): Promise<void> {
    return this.#parts.remover.trim(taskId, upToSeq);
  }

  /** Resolves when no snapshot is being written. */
  idle(): Promise<void> {
    return this.#parts.snapshots.idle();
  }

  /** Commits pending writes, then closes what the parts opened themselves. */
  async close(): Promise<void> {
    await Promise.all([this.#parts.creator.close(), this.#parts.appender.close()]);
    await this.#parts.snapshots.close();
  }
}
