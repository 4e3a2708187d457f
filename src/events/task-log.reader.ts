import { exponentialDelay, jittered } from '../common/backoff.js';
import { isUnavailable } from '../protocol/errors/index.js';
import type { CallContext } from '../security/call-context.js';
import type { DocumentAt, TaskDocuments } from '../tasks/task-documents.js';
import type { TaskRecord } from '../tasks/task-record.js';
import type { EventPage, EventPageLimits, TaskStore } from '../tasks/task-store.interface.js';
import type { Interruption } from './interruption.js';

const BACKOFF = { firstMs: 50, maxMs: 2_000 };

/** The part of a TaskStore that a reader uses. */
export type LogStore = Pick<TaskStore, 'head' | 'eventsAfter'>;

/** Where a reader's snapshots come from. */
export type DocumentSource = Pick<TaskDocuments, 'get'>;

/**
 * One reader's view of one task's log. Each method returns undefined when the task does not exist or the reader was stopped. The first read
 * fails at once when the storage is unavailable (nothing was promised yet); later ones are retried for `retryForMs`.
 */
export class TaskLogReader {
  #following = false;

  constructor(
    private readonly sources: { readonly store: LogStore; readonly documents: DocumentSource },
    private readonly context: CallContext,
    private readonly taskId: string,
    private readonly interruption: Interruption,
    private readonly retryForMs: number,
  ) {}

  head(): Promise<TaskRecord | undefined> {
    return this.#read(() => this.sources.store.head(this.context, this.taskId));
  }

  snapshot(historyLength?: number): Promise<DocumentAt | undefined> {
    return this.#read(() =>
      this.sources.documents.get(
        this.context,
        this.taskId,
        historyLength === undefined ? {} : { historyLength, includeArtifacts: true },
      ),
    );
  }

  after(seq: number, limits: EventPageLimits): Promise<EventPage | undefined> {
    return this.#read(() => this.sources.store.eventsAfter(this.context, this.taskId, seq, limits));
  }

  async #read<V>(call: () => Promise<V | undefined>): Promise<V | undefined> {
    let giveUpAt: number | undefined;
    for (let failures = 0; !this.interruption.stopped; failures++) {
      try {
        const found = await this.interruption.race(call());
        this.#following = true;
        return found;
      } catch (error) {
        if (!this.#following || !isUnavailable(error)) throw error;
        const delay = exponentialDelay(failures, BACKOFF);
        giveUpAt ??= Date.now() + this.retryForMs;
        if (Date.now() + delay > giveUpAt) throw error;
        await this.interruption.sleep(jittered(delay));
      }
    }
    return undefined;
  }
}
