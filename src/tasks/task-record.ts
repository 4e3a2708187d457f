import type { Task, TaskState } from '../protocol/model/index.js';
import type { TaskScope } from '../security/call-context.js';

/** A task's row: what is known of it without its content. */
export interface TaskRecord extends TaskScope {
  readonly taskId: string;
  readonly contextId: string;
  readonly state: TaskState;
  /** RFC 3339 UTC with milliseconds. */
  readonly statusAt: string;
  readonly lastSeq: number;
  /** Bytes of all events so far. */
  readonly bytes: number;
  /** Id of the replica that runs it; undefined when nobody does. */
  readonly runOwner?: string;
  /** Rises at every change of run owner and at every forced write; an append with an older one is refused. */
  readonly fence: number;
  /** Rises per accepted message. */
  readonly turn: number;
  /** Starts of the present turn. */
  readonly attempt: number;
  readonly cancelRequestedAt?: string;
  /** Events with seq <= this are no longer in the log; 0 = all are there. */
  readonly trimmedSeq: number;
}

/** A whole task as of `seq`: the fold of its events 1..seq. */
export interface TaskSnapshot {
  readonly head: TaskRecord;
  readonly seq: number;
  readonly task: Task;
}

/** What the one writer of a task holds: the right to append, as long as the fence is the row's. */
export interface RunRef extends TaskScope {
  readonly taskId: string;
  readonly contextId: string;
  readonly fence: number;
}
