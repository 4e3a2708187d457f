import { Inject, Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import type { CommittedEvent } from '../tasks/committed-event.js';
import { TaskDocuments } from '../tasks/task-documents.js';
import { TASK_STORE, type TaskStore } from '../tasks/task-store.interface.js';
import { EVENT_BUS, type EventBus } from './event-bus.interface.js';
import type { EventQueueLimits } from './event-queue.interface.js';
import { LatestSeqPoller } from './latest-seq.poller.js';
import { QUEUE_MANAGER, type QueueManager } from './queue-manager.interface.js';
import { PulledIterator } from './pulled.iterator.js';
import type { CursorOptions, CursorStream, TaskCursors } from './task-cursor.interface.js';
import type { LogStore } from './task-log.reader.js';
import { type CursorSources, TaskCursor } from './task-cursor.js';

export const TASK_CURSORS_OPTIONS = Symbol('TaskCursorsOptions');

export interface TaskCursorsOptions {
  /**
   * Maximum buffer of a reader that is not pulled; beyond it, the reader uses the log. Default 1024 events (two full commits) and 512 KiB.
   */
  tapLimits?: EventQueueLimits<CommittedEvent>;
  /** Maximum events of a batch; default 256. */
  batchItems?: number;
  /**
   * Maximum bytes of a batch, not counting its last event; default 256 KiB. A client that does not read holds one batch in its socket
   * buffers.
   */
  batchBytes?: number;
  /** How often the store is checked for what readers missed, in ms; default 1000. */
  pollMs?: number;
  /** How long an open reader waits for an unavailable storage, in ms; default 60000. */
  retryForMs?: number;
}

@Injectable()
export class DefaultTaskCursors implements TaskCursors, OnModuleDestroy {
  readonly #sources: CursorSources;
  readonly #closed = new AbortController();
  readonly #unsubscribe: () => void;

  constructor(
    @Inject(TASK_STORE) store: LogStore & Pick<TaskStore, 'lastSeqs' | 'open'>,
    @Inject(QUEUE_MANAGER) queues: QueueManager,
    @Inject(EVENT_BUS) bus: EventBus,
    @Optional() @Inject(TASK_CURSORS_OPTIONS) options: TaskCursorsOptions = {},
    @Optional() documents?: TaskDocuments,
  ) {
    const {
      tapLimits,
      batchItems: limit = 256,
      batchBytes: maxBytes = 256 << 10,
      pollMs = 1000,
      retryForMs = 60_000,
    } = options;
    const poller = new LatestSeqPoller(store, pollMs);
    this.#sources = {
      store,
      documents: documents ?? new TaskDocuments(store),
      queues,
      poller,
      tapLimits: { maxItems: 1024, maxBytes: 512 << 10, ...tapLimits },
      batch: { limit, maxBytes },
      retryForMs,
      open: new Set(),
      closed: this.#closed.signal,
    };
    const offWake = bus.onWake((heads) => poller.heard(heads));
    const offGap = bus.onGap(() => poller.pollNow());
    this.#unsubscribe = () => {
      offWake();
      offGap();
    };
  }

  open(options: CursorOptions): CursorStream {
    const cursor = new TaskCursor(this.#sources, options);
    return new PulledIterator(cursor.pull, cursor.stop, cursor);
  }

  /** Readers that are open, and how many events the slowest has yet to take. */
  get readers(): { readonly open: number; readonly lag: number } {
    const { open } = this.#sources;
    let lag = 0;
    for (const cursor of open) lag = Math.max(lag, cursor.lag);
    return { open: open.size, lag };
  }

  /** After the runs were drained: providers that depend on readers are destroyed first. */
  onModuleDestroy(): void {
    this.close();
  }

  /**
   * Ends all readers, also those that begin later (their clients reconnect to another process, with the id of the last event), and stops
   * listening to the bus.
   */
  close(): void {
    this.#closed.abort();
    this.#unsubscribe();
    for (const cursor of this.#sources.open) cursor.close();
  }
}
