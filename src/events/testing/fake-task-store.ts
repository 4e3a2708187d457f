import { unavailable } from '../../protocol/errors/index.js';
import type { TaskState } from '../../protocol/model/index.js';
import { type CallContext, sameScope } from '../../security/call-context.js';
import { CommittedEvent } from '../../tasks/committed-event.js';
import { foldLog } from '../../tasks/fold-log.js';
import type { OpenTask } from '../../tasks/open-task.js';
import type { RunRef, TaskRecord } from '../../tasks/task-record.js';
import type {
  AppendResult,
  CreateResult,
  EventPage,
  NewTask,
  RunAppend,
  TaskStore,
} from '../../tasks/task-store.interface.js';

interface Row {
  readonly run: RunRef;
  readonly events: CommittedEvent[];
  state: TaskState;
  trimmedSeq: number;
}

type Used = 'create' | 'append' | 'head' | 'open' | 'eventsAfter' | 'lastSeqs' | 'delete';

/** The part of a TaskStore that writes and reads logs, kept in lists, with trimming, outages and call counts for tests. */
export class FakeTaskStore implements Pick<TaskStore, Used> {
  readonly #rows = new Map<string, Row>();
  /** Calls of each method. */
  readonly calls = { head: 0, open: 0, eventsAfter: 0, lastSeqs: 0 };
  /** This many of the next reads fail with UNAVAILABLE. */
  outages = 0;
  /** Reads wait for this first. */
  gate?: Promise<void>;

  async create(context: CallContext, task: NewTask): Promise<CreateResult> {
    const { taskId, contextId } = task;
    const { owner, tenant, agent } = context;
    const run: RunRef = { taskId, contextId, owner, tenant, agent, fence: 1 };
    const event = CommittedEvent.of(run, 1, task.event);
    this.#rows.set(taskId, { run, events: [event], state: event.state as TaskState, trimmedSeq: 0 });
    return { created: true, run, event };
  }

  async append({ run, firstSeq, events }: RunAppend): Promise<AppendResult> {
    const row = this.#rows.get(run.taskId);
    if (!row) return { ok: false, reason: 'missing' };
    if (firstSeq !== row.events.length + 1) return { ok: false, reason: 'fenced' };
    const committed = events.map((event, i) => CommittedEvent.of(run, firstSeq + i, event));
    row.events.push(...committed);
    for (const { state } of committed) row.state = state ?? row.state;
    return { ok: true, events: committed };
  }

  async head(context: CallContext, taskId: string): Promise<TaskRecord | undefined> {
    this.calls.head += 1;
    const row = await this.#row(context, taskId);
    return row && headOf(row);
  }

  async open(context: CallContext, taskId: string): Promise<OpenTask | undefined> {
    this.calls.open += 1;
    const row = await this.#row(context, taskId);
    if (!row) return undefined;
    const events = [...row.events];
    return { head: headOf(row), read: () => Promise.resolve(foldLog(events)) };
  }

  async eventsAfter(
    context: CallContext,
    taskId: string,
    afterSeq: number,
    { limit = 256 }: { limit?: number } = {},
  ): Promise<EventPage | undefined> {
    this.calls.eventsAfter += 1;
    const row = await this.#row(context, taskId);
    if (!row) return undefined;
    const trimmed = afterSeq < row.trimmedSeq;
    const events = trimmed ? [] : row.events.slice(afterSeq, afterSeq + limit);
    return { events, lastSeq: row.events.length, trimmed };
  }

  async lastSeqs(tasks: readonly { taskId: string }[]): Promise<Map<string, number>> {
    this.calls.lastSeqs += 1;
    await this.#available();
    return new Map(
      tasks.flatMap(({ taskId }) => {
        const row = this.#rows.get(taskId);
        return row ? [[taskId, row.events.length] as const] : [];
      }),
    );
  }

  async delete(_context: CallContext, taskId: string): Promise<boolean> {
    return this.#rows.delete(taskId);
  }

  /** Deletes the events up to `upToSeq`; the snapshot keeps their result. */
  async trim(taskId: string, upToSeq: number): Promise<void> {
    const row = this.#rows.get(taskId);
    if (row) row.trimmedSeq = Math.max(row.trimmedSeq, Math.min(upToSeq, row.events.length));
  }

  async #row(context: CallContext, taskId: string): Promise<Row | undefined> {
    await this.#available();
    const row = this.#rows.get(taskId);
    return row && sameScope(row.run, context) ? row : undefined;
  }

  async #available(): Promise<void> {
    await this.gate;
    if (this.outages === 0) return;
    this.outages -= 1;
    throw unavailable('The fake storage is unreachable.');
  }
}

function headOf({ run, events, state, trimmedSeq }: Row): TaskRecord {
  const bytes = events.reduce((sum, event) => sum + event.size, 0);
  return {
    ...run,
    state,
    statusAt: '2026-01-01T00:00:00.000Z',
    lastSeq: events.length,
    bytes,
    turn: 1,
    attempt: 1,
    trimmedSeq,
  };
}
