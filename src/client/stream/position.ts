import { createHash } from 'node:crypto';
import { printable } from '../../protocol/errors/index.js';
import type { StreamResponse, Task, TaskState } from '../../protocol/model/index.js';
import { isInterrupted, isTerminal } from '../../protocol/state/task-state.js';
import type { ReceivedEvent } from '../calls/event-reader.js';
import {
  A2AClientConnectionError,
  A2AClientInvalidArgsError,
  A2AClientInvalidStateError,
} from '../errors/client.errors.js';
import { idsOf } from '../task/received-event.js';

/** The agent continued with updates where a Task was expected, so events in between may be missing. */
export class NoSnapshotError extends A2AClientConnectionError {
  constructor() {
    super('The agent resumed the stream without the Task as it is.', true);
  }
}

/** The position of a reader in a task's stream, over all its connections: what was shown, and what may come next. */
export class Position {
  #taskId?: string;
  #seq?: number;
  #state?: TaskState;
  #answered = false;
  #needsSnapshot = false;
  #counts = true;
  /** The last snapshot shown, while nothing has followed it. */
  #snapshot?: string;

  /** `taskId`: the task of a subscription. `seq`: the last event that the reader has. */
  constructor(taskId?: string, seq?: number) {
    this.#taskId = taskId;
    this.#seq = seq;
  }

  get taskId(): string | undefined {
    return this.#taskId;
  }

  get seq(): number | undefined {
    return this.#seq;
  }

  get state(): TaskState | undefined {
    return this.#state;
  }

  /** Whether all events so far had numbers. If one had none, `seq` is unreliable: something between agent and client removes ids. */
  get counts(): boolean {
    return this.#counts;
  }

  /** Something was shown. */
  get begun(): boolean {
    return this.#answered || this.#state !== undefined || this.#snapshot !== undefined;
  }

  /** Nothing can follow: the task has ended, or the answer was a Message. */
  get over(): boolean {
    return this.#answered || (this.#state !== undefined && isTerminal(this.#state));
  }

  /** The protocol allows a stream to end here: the task has ended, or waits for its client. */
  get restful(): boolean {
    return this.over || (this.#state !== undefined && isInterrupted(this.#state));
  }

  /** If the server's ids are not seqs, the next connection must begin with the Task. */
  reconnected(numbered: boolean): void {
    this.#needsSnapshot = !numbered;
  }

  /**
   * Whether the event is new and should be shown. `numbered`: its id is its seq.
   * @throws A2AClientInvalidArgsError for an event of another task, A2AClientInvalidStateError for a Message after others;
   * A2AClientConnectionError where events are missing.
   */
  take({ event, id }: ReceivedEvent, numbered: boolean): boolean {
    if ('message' in event) return this.#takeMessage();
    this.#checkTask(idsOf(event).taskId);
    const seq = numbered && id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
    if ('task' in event) return this.#takeSnapshot(event.task, seq);
    if (this.#needsSnapshot) throw new NoSnapshotError();
    if (seq !== undefined && this.#seq !== undefined && seq <= this.#seq) return false;
    if (seq !== undefined && this.#seq !== undefined && seq > this.#seq + 1) {
      throw new A2AClientConnectionError(`Event ${seq} came after event ${this.#seq} of the stream.`, true);
    }
    this.#seq = seq ?? this.#seq;
    this.#counts &&= seq !== undefined;
    this.#snapshot = undefined;
    this.#state = stateOf(event) ?? this.#state ?? 'TASK_STATE_SUBMITTED';
    return true;
  }

  #takeMessage(): boolean {
    if (this.#state !== undefined)
      throw new A2AClientInvalidStateError('The agent sent a Message after events of a task.');
    return (this.#answered = true);
  }

  #checkTask(taskId: string): void {
    this.#taskId ??= taskId;
    if (taskId === this.#taskId) return;
    throw new A2AClientInvalidArgsError(
      `An event of task ${printable(taskId)} came on the stream of task ${printable(this.#taskId)}.`,
    );
  }

  /** A Task includes everything before it. One that the reader already has from the last connection is not shown again. */
  #takeSnapshot(task: Task, seq: number | undefined): boolean {
    this.#needsSnapshot = false;
    this.#state = task.status.state;
    if (seq !== undefined) {
      const known = seq === this.#seq;
      this.#seq = seq;
      return !known;
    }
    const digest = createHash('sha256').update(JSON.stringify(task)).digest('base64');
    const known = digest === this.#snapshot;
    this.#snapshot = digest;
    return !known;
  }
}

const stateOf = (event: StreamResponse): TaskState | undefined =>
  'statusUpdate' in event ? event.statusUpdate.status.state : undefined;
