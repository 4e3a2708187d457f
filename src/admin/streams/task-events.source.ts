import type { CursorStream, TaskCursors } from '../../events/task-cursor.interface.js';
import { systemContextOf } from '../../execution/system-context.js';
import { isTerminal } from '../../protocol/state/task-state.js';
import type { AdminTaskRow } from '../../tasks/admin/admin-rows.js';
import type { AdminEvent, AdminStore } from '../../tasks/admin/admin-store.interface.js';
import type { AdminSource } from './admin-streams.js';

/** What a client that does not read holds in memory, at most: as other readers of a log. */
const BATCH = { limit: 256, maxBytes: 256 << 10 };

/**
 * The events of a task from `after` + 1 on, until it ends. A cursor of the task says how far its log reaches, whichever replica writes it; the
 * rows are read from the storage, a page at a time and only when the client takes them.
 */
export class TaskEventsSource implements AdminSource<AdminEvent> {
  readonly #cursor: CursorStream;
  /** The last event that the cursor has reported. */
  #known: number;

  constructor(
    private readonly store: Pick<AdminStore, 'events'>,
    cursors: TaskCursors,
    private readonly task: AdminTaskRow,
    private after: number,
  ) {
    const context = systemContextOf(task);
    this.#cursor = cursors.open({ context, taskId: task.id, afterSeq: after, endsAt: isTerminal });
    this.#known = after;
  }

  async pull(): Promise<AdminEvent[] | undefined> {
    if (this.#known === this.after) {
      const { done, value } = await this.#cursor.next();
      const last = done ? undefined : value.at(-1);
      // The log was trimmed meanwhile: what the client lacks is no longer there.
      if (last === undefined || value?.some(({ type }) => type === 'snapshot')) return undefined;
      this.#known = last.seq;
    }
    const events = await this.store.events(this.task.id, this.after, {
      limit: Math.min(BATCH.limit, this.#known - this.after),
      maxBytes: BATCH.maxBytes,
    });
    this.after = events?.at(-1)?.seq ?? this.#known;
    return events && events.length > 0 ? [...events] : undefined;
  }

  stop(): Promise<unknown> {
    return this.#cursor.return();
  }
}
