import { randomUUID } from 'node:crypto';
import type { TaskEvent, TaskState } from '../../protocol/model/index.js';
import type { CallContext } from '../../security/call-context.js';
import type { CommittedEvent } from '../../tasks/committed-event.js';
import { pendingEvent } from '../../tasks/pending-event.js';
import type { RunRef } from '../../tasks/task-record.js';
import type { TaskStore } from '../../tasks/task-store.interface.js';

const TIMESTAMP = '2026-01-01T00:00:00.000Z';

export const readerContext: CallContext = {
  owner: 'ada',
  tenant: '',
  agent: 'lab',
  protocolVersion: '1.0',
  requestedExtensions: [],
};

/** Writes a task's log as its one writer would, and remembers what was committed. */
export class TaskFeeder {
  readonly log: CommittedEvent[] = [];
  /** Of the newest append: resolves when `log` has what it committed. Others may read it from the storage before. */
  logged: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly store: Pick<TaskStore, 'append'>,
    readonly run: RunRef,
  ) {}

  static async create(store: Pick<TaskStore, 'create' | 'append'>): Promise<TaskFeeder> {
    const [taskId, contextId] = [randomUUID(), randomUUID()];
    const task = { id: taskId, contextId, status: { state: 'TASK_STATE_SUBMITTED' as const, timestamp: TIMESTAMP } };
    const created = await store.create(readerContext, {
      taskId,
      contextId,
      event: pendingEvent({ task }),
      messageId: randomUUID(),
      digest: 'digest',
    });
    if (!created.created) throw new Error('The task exists already.');
    const feeder = new TaskFeeder(store, created.run);
    feeder.log.push(created.event);
    return feeder;
  }

  get taskId(): string {
    return this.run.taskId;
  }

  /** Commits events, given as states or as the text of a chunk. */
  append(...parts: (TaskState | { text: string })[]): Promise<CommittedEvent[]> {
    const appended = this.#append(parts);
    this.logged = appended.catch(() => undefined);
    return appended;
  }

  async #append(parts: readonly (TaskState | { text: string })[]): Promise<CommittedEvent[]> {
    const events = parts.map((part) => pendingEvent(this.#event(part)));
    const result = await this.store.append({ run: this.run, firstSeq: this.log.length + 1, events });
    if (!result.ok) throw new Error(`The append was refused: ${result.reason}`);
    this.log.push(...result.events);
    return [...result.events];
  }

  #event(part: TaskState | { text: string }): TaskEvent {
    const { taskId, contextId } = this.run;
    if (typeof part === 'string')
      return { statusUpdate: { taskId, contextId, status: { state: part, timestamp: TIMESTAMP } } };
    return { artifactUpdate: { taskId, contextId, artifact: { artifactId: 'a', parts: [part] }, append: true } };
  }
}
