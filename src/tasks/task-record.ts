import type { Task, TaskState } from '../protocol/model/index.js';
import type { TaskScope } from '../security/call-context.js';

/** The row of a task: its metadata without its content. */
export interface TaskRecord extends TaskScope {
  readonly taskId: string;
  readonly contextId: string;
  readonly state: TaskState;
  /** RFC 3339 UTC with milliseconds. */
  readonly statusAt: string;
  readonly lastSeq: number;
  /** Bytes of all events so far. */
  readonly bytes: number;
  /** Id of the replica that runs it; undefined when none does. */
  readonly runOwner?: string;
  /** Increases at every change of the run owner and at every forced write. An append with an older fence is refused. */
  readonly fence: number;
  /** Increases with each accepted message. */
  readonly turn: number;
  /** How often the present turn was started. */
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

/** The right to append, held by the one writer of a task. It is valid as long as its fence equals the row's. */
export interface RunRef extends TaskScope {
  readonly taskId: string;
  readonly contextId: string;
  readonly fence: number;
}
