import type { OnApplicationShutdown } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { CallContext } from '../../security/call-context.js';
import type { KnownMessage } from '../core/message-rules.js';
import { ComposedTaskStore } from '../composed-task.store.js';
import type { WatchedTask } from '../scoped-task.js';
import { SnapshotWriter } from '../snapshot-writer.js';
import type { TaskRecord } from '../task-record.js';
import type { SettledTasks } from '../task-store.interface.js';
import { abandoned } from './abandoned.query.js';
import type { Database } from './database.js';
import { EventPages } from './event-pages.js';
import { lastSeqs } from './last-seqs.query.js';
import { knownMessage } from './known-message.query.js';
import { TypeOrmSnapshotPlace } from './snapshot-place.js';
import { TaskAppender } from './task-appender.js';
import { TaskCreator } from './task-creator.js';
import { TaskListQuery } from './task-list.query.js';
import { TaskReader } from './task-reader.js';
import { TaskRemover } from './task-remover.js';
import type { TypeOrmStoresOptions } from './typeorm-stores.options.js';

/** Tasks in Postgres. The writers hold two connections beside the pool. */
export class TypeOrmTaskStore extends ComposedTaskStore implements OnApplicationShutdown {
  constructor(
    private readonly db: Database,
    options: TypeOrmStoresOptions = {},
    owed = new Subject<void>(),
  ) {
    const reader = new TaskReader(db);
    const snapshots = new SnapshotWriter(new TypeOrmSnapshotPlace(db, reader));
    super({
      reader,
      snapshots,
      pages: new EventPages(db),
      lists: new TaskListQuery(db, reader),
      remover: new TaskRemover(db, snapshots),
      creator: new TaskCreator(db.pool.options, options, owed),
      appender: new TaskAppender(db.pool.options, options, owed),
    });
  }

  byMessageId(context: CallContext, messageId: string): Promise<KnownMessage | undefined> {
    return knownMessage(this.db, context, messageId);
  }

  lastSeqs(tasks: readonly WatchedTask[]): Promise<Map<string, number>> {
    return lastSeqs(this.db, tasks);
  }

  expiredInputRequired(which: SettledTasks, limit: number): Promise<TaskRecord[]> {
    return abandoned(this.db, which, limit);
  }

  /** The pool stays open. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
