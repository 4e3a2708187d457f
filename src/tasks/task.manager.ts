import type { StreamResponse, TaskState, TaskStatus } from '../protocol/model/index.js';
import { invalidAgentResponse } from '../protocol/errors/index.js';
import { jsonExcess } from '../protocol/json/json-excess.js';
import { isTerminal } from '../protocol/state/task-state.js';
import { canTransition } from '../protocol/state/task-state.js';
import { type PendingEvent, pendingEvent } from './pending-event.js';
import type { RunRef } from './task-record.js';
import { TaskTooLargeError } from './task-too-large.error.js';
import { statusNow } from './status-clock.js';
import { withMembers } from '../common/with-members.js';

export interface TaskLimits {
  /** Bytes of all events of a task; default 64 MiB. */
  readonly maxTaskBytes: number;
  /** Bytes of one event; default 10 MB. */
  readonly maxEventBytes: number;
  /** JSON values and keys of one event; default 150,000. */
  readonly maxEventValues: number;
}

export interface TaskPosition {
  readonly lastSeq: number;
  readonly bytes: number;
  readonly state: TaskState;
}

/**
 * What the one writer of a task knows of it: the position in the log, the state and the bytes. It turns the events of an agent
 * into log events, in order, and rejects what the task must not accept. It holds no content.
 */
export class TaskManager {
  #state: TaskState;
  #bytes: number;
  /** Seq of the newest committed event. */
  lastSeq: number;

  constructor(
    readonly run: RunRef,
    position: TaskPosition,
    private readonly limits: TaskLimits,
  ) {
    this.lastSeq = position.lastSeq;
    this.#bytes = position.bytes;
    this.#state = position.state;
  }

  /** The state as of the last accepted event, whether committed or not. */
  get state(): TaskState {
    return this.#state;
  }

  get terminal(): boolean {
    return isTerminal(this.#state);
  }

  /**
   * Accepts an event of the agent. A Task counts as its status and artifacts; that it is submitted is known. Throws INVALID_AGENT_RESPONSE for a Message, after a
   * terminal state, and for a state that may not follow the present one; throws TaskTooLargeError over a limit. What was accepted
   * before stays accepted.
   */
  accept(event: StreamResponse): PendingEvent[] {
    if ('message' in event) {
      throw invalidAgentResponse(
        'The agent sent a Message although its task exists: use a status message or an artifact.',
      );
    }
    if ('statusUpdate' in event) this.#assertFollows(event.statusUpdate.status.state);
    if (!('task' in event)) return [this.take(pendingEvent(event))];
    this.#assertFollows(event.task.status.state);
    const { taskId, contextId } = this.run;
    const { status, artifacts = [], metadata } = event.task;
    const events = artifacts.map((artifact) =>
      this.take(pendingEvent({ artifactUpdate: { taskId, contextId, artifact } })),
    );
    // What the first event of the task says already.
    if (status.state === 'TASK_STATE_SUBMITTED' && this.#state === status.state && !status.message && !metadata)
      return events;
    return [
      ...events,
      this.take(pendingEvent({ statusUpdate: { taskId, contextId, status, ...(metadata && { metadata }) } })),
    ];
  }

  /** Accepts an event that this server creates itself. `limit: false`: for the event that ends a task that is too large. */
  take(pending: PendingEvent, limit = true): PendingEvent {
    if (this.terminal) throw invalidAgentResponse(`The task has ended (${this.#state}): it takes no more events.`);
    if (limit) this.#measure(pending);
    this.#bytes += pending.bytes;
    if (pending.state) this.#state = pending.state;
    return pending;
  }

  status(status: Omit<TaskStatus, 'timestamp'>, limit = true): PendingEvent {
    const { taskId, contextId } = this.run;
    const timed = withMembers(status, { timestamp: statusNow() });
    return this.take(pendingEvent({ statusUpdate: { taskId, contextId, status: timed } }), limit);
  }

  #assertFollows(state: TaskState): void {
    if (this.terminal || canTransition(this.#state, state)) return;
    throw invalidAgentResponse(
      `The agent reported ${state} after ${this.#state}: a task that is worked on does not become unstarted.`,
    );
  }

  #measure({ bytes, data }: PendingEvent): void {
    const { maxEventBytes, maxEventValues, maxTaskBytes } = this.limits;
    if (bytes > maxEventBytes) throw new TaskTooLargeError('event', bytes, maxEventBytes);
    if (jsonExcess(data, { maxValues: maxEventValues }) === 'values') {
      throw new TaskTooLargeError('event', maxEventValues + 1, maxEventValues, 'values and keys of JSON');
    }
    if (this.#bytes + bytes > maxTaskBytes) throw new TaskTooLargeError('task', this.#bytes + bytes, maxTaskBytes);
  }
}
