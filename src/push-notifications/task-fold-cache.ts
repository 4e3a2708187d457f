import { TaskFold } from '../protocol/fold/task-fold.js';
import type { Task } from '../protocol/model/index.js';
import type { CallContext, TaskScope } from '../security/call-context.js';
import type { CommittedEvent } from '../tasks/committed-event.js';
import type { TaskStore } from '../tasks/task-store.interface.js';

/** Bytes of the events of all tasks that are kept. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024;
const MAX_KEPT = 1_000;
const PAGE = { limit: 256, maxBytes: 256 * 1024 };

/** A task as of `seq`. Without a fold: its events have more bytes than may be folded. */
interface Folded {
  readonly seq: number;
  readonly bytes: number;
  readonly fold?: TaskFold;
}

/**
 * Tasks as of a seq, folded from their logs up to `maxBytes`. Recent folds are kept, within a limit, so that a notification
 * continues where the previous one ended: all notifications of a task read its log once.
 */
export class TaskFoldCache {
  readonly #kept = new Map<string, Folded>();
  #keptBytes = 0;

  constructor(
    private readonly tasks: Pick<TaskStore, 'eventsAfter'>,
    private readonly maxBytes: number,
  ) {}

  /**
   * Passes the task as of `seq` to `use`, which must not change it. undefined: the task is too large, its log was trimmed, or it
   * does not exist.
   */
  async withTask<T>(scope: TaskScope, taskId: string, seq: number, use: (task?: Task) => T): Promise<T> {
    const kept = this.#take(taskId);
    // A fold that is further ahead is useful to others.
    const ahead = kept !== undefined && kept.seq > seq && kept.fold !== undefined;
    if (ahead) this.#keep(taskId, kept);
    const folded = await this.#fold(scope, taskId, seq, ahead ? undefined : kept);
    const result = use(folded?.fold?.task);
    if (folded) this.#keep(taskId, folded);
    return result;
  }

  async #fold(scope: TaskScope, taskId: string, seq: number, from?: Folded): Promise<Folded | undefined> {
    // A task that was too large is not smaller now.
    if (from && !from.fold && from.seq <= seq) return from;
    const start = from && from.seq <= seq ? from : undefined;
    let { fold, seq: at, bytes } = start ?? { fold: undefined, seq: 0, bytes: 0 };
    while (at < seq) {
      const limits = { ...PAGE, limit: Math.min(PAGE.limit, seq - at) };
      const page = await this.tasks.eventsAfter(caller(scope), taskId, at, limits);
      if (!page || page.trimmed || page.events.length === 0) return undefined;
      for (const event of page.events) bytes += event.size;
      at += page.events.length;
      if (bytes > this.maxBytes) return { seq: at, bytes: 0 };
      fold = advance(fold, page.events);
    }
    return { seq: at, bytes, fold };
  }

  #take(taskId: string): Folded | undefined {
    const kept = this.#kept.get(taskId);
    if (!kept) return undefined;
    this.#kept.delete(taskId);
    this.#keptBytes -= kept.bytes;
    return kept;
  }

  #keep(taskId: string, folded: Folded): void {
    const other = this.#kept.get(taskId);
    if (other && other.seq >= folded.seq) return;
    this.#take(taskId);
    this.#kept.set(taskId, folded);
    this.#keptBytes += folded.bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= MAX_KEPT_BYTES && this.#kept.size <= MAX_KEPT) break;
      this.#take(oldest);
    }
  }
}

function advance(fold: TaskFold | undefined, events: readonly CommittedEvent[]): TaskFold {
  let known = fold;
  for (const event of events) {
    if (known) known.apply(event.event, event.inboundMessage);
    else {
      if (!('task' in event.event)) throw new TypeError('A log begins with the task itself.');
      known = new TaskFold(structuredClone(event.event.task));
    }
  }
  if (!known) throw new TypeError('There are no events to fold.');
  return known;
}

const caller = ({ owner, tenant, agent }: TaskScope): CallContext => ({
  ...{ owner, tenant, agent },
  protocolVersion: '1.0',
  requestedExtensions: [],
});
