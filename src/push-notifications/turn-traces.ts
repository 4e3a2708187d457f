import type { TraceCarrier } from '../common/tracing/tracing.interface.js';
import type { OutboxEntry } from '../tasks/outbox.interface.js';
import type { RunStore } from '../tasks/run-store.interface.js';
import type { TaskStore } from '../tasks/task-store.interface.js';

/** Tasks whose trace is remembered. */
const MOST = 1_000;

/**
 * The trace that a notification continues: that of the request which brought the newest message of its task. It is read from the log, so
 * any replica can deliver, and once for a turn.
 */
export class TurnTraces {
  readonly #known = new Map<string, TraceCarrier | undefined>();

  constructor(
    private readonly tasks: Pick<TaskStore, 'head'>,
    private readonly runs: Pick<RunStore, 'startedTurn'>,
  ) {}

  /** Never rejects: a notification is delivered without its trace rather than not at all. */
  async of({ event, scope }: Pick<OutboxEntry, 'event' | 'scope'>): Promise<TraceCarrier | undefined> {
    const { taskId, seq, inbound } = event;
    // These events begin a turn.
    if (seq === 1 || inbound !== undefined) this.#known.delete(taskId);
    if (this.#known.has(taskId)) return this.#known.get(taskId);
    try {
      const head = await this.tasks.head({ ...scope, protocolVersion: '1.0', requestedExtensions: [] }, taskId);
      const begun = head && (await this.runs.startedTurn(head));
      // The run changed hands between the two reads.
      if (begun === undefined) return undefined;
      this.#remember(taskId, begun.call?.trace);
      return begun.call?.trace;
    } catch {
      return undefined;
    }
  }

  #remember(taskId: string, trace: TraceCarrier | undefined): void {
    this.#known.set(taskId, trace);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }
}
