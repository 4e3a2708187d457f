import type { Subject } from 'rxjs';
import type { StoredUsage } from '../../common/quotas/known-usage.js';
import type { CallContext } from '../../security/call-context.js';
import { ComposedTaskStore } from '../composed-task.store.js';
import type { WatchedTask } from '../scoped-task.js';
import { SnapshotWriter } from '../snapshot-writer.js';
import type { TaskRecord } from '../task-record.js';
import type { SettledTasks, UsageOf } from '../task-store.interface.js';
import { EventPages } from './event-pages.js';
import type { KnownMessage } from '../core/message-rules.js';
import { toKnownMessage } from './known-message.js';
import type { RedisConnection } from './redis-connection.js';
import type { RedisStoresOptions } from './redis-stores.options.js';
import { ofOwner, ofTenant } from './scripts/usage.lua.js';
import { KNOWN_MESSAGE, LAST_SEQS, USAGE } from './scripts/read.scripts.js';
import { RedisSnapshotStore } from './snapshot-store.js';
import { TaskAppender } from './task-appender.js';
import { TaskCreator } from './task-creator.js';
import { TaskListQuery } from './task-list.query.js';
import { TaskReader } from './task-reader.js';
import { TaskRemover } from './task-remover.js';
import { scopeKey } from './task-row.js';

/** The most tasks that one script reads. */
const WATCHED_AT_ONCE = 1_000;

/** Tasks in Redis. `writes` is a connection of its own, so that no long answer delays that of a write. */
export class RedisTaskStore extends ComposedTaskStore {
  readonly #remover: TaskRemover;

  constructor(
    private readonly reads: RedisConnection,
    writes: RedisConnection,
    options: RedisStoresOptions,
    owed: Subject<void>,
  ) {
    const reader = new TaskReader(reads);
    const snapshots = new SnapshotWriter(new RedisSnapshotStore(reads, reader));
    const remover = new TaskRemover(reads, snapshots);
    super({
      reader,
      snapshots,
      remover,
      pages: new EventPages(reads),
      lists: new TaskListQuery(reads, reader),
      creator: new TaskCreator(writes, options, owed),
      appender: new TaskAppender(writes, options, owed),
    });
    this.#remover = remover;
  }

  async byMessageId(context: CallContext, messageId: string): Promise<KnownMessage | undefined> {
    const kept = await this.reads.run<string | null>(KNOWN_MESSAGE, scopeKey(context), messageId);
    return kept === null ? undefined : toKnownMessage(kept);
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

  async usage(of: UsageOf): Promise<StoredUsage> {
    const [tasks, bytes] = await this.reads.run<[string, string]>(
      USAGE,
      'owner' in of ? ofOwner(of.owner) : ofTenant(of.tenant),
    );
    return { tasks: Number(tasks), bytes: Number(bytes) };
  }

  expiredInputRequired(which: SettledTasks, limit: number): Promise<TaskRecord[]> {
    return this.#remover.abandoned(which, limit);
  }
}
