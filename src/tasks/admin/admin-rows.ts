import type { TaskState } from '../../protocol/model/index.js';
import type { DeliveryAttempt } from './delivery-attempt.js';

/** A task as operators see it: its metadata without its content. Times are RFC 3339 UTC with milliseconds. */
export interface AdminTaskRow {
  readonly id: string;
  readonly contextId: string;
  readonly agent: string;
  readonly owner: string;
  readonly tenant: string;
  readonly state: TaskState;
  readonly createdAt: string;
  readonly statusAt: string;
  readonly lastSeq: number;
  /** Bytes of all events so far. */
  readonly bytes: number;
  /** Increases with each accepted message. */
  readonly turn: number;
  /** How often the present turn was started. */
  readonly attempt: number;
  /** How often a process died while it ran the present turn. */
  readonly crashes: number;
  /** How often the present turn was requeued after a failure. */
  readonly failures: number;
  /** Increases at every change of the run owner. */
  readonly fence: number;
  /** The replica that runs it. */
  readonly runOwner?: string;
  /** It is queued and starts no earlier than this. */
  readonly notBefore?: string;
  readonly cancelRequestedAt?: string;
  /** Its active webhooks. */
  readonly webhooks: number;
  /** Events up to this one are no longer in the log; 0: all are there. */
  readonly trimmedSeq: number;
  /**
   * The text of the present status message, at most 500 characters. Absent: the task is submitted or working, the message has no
   * text, or a version before this one wrote it.
   */
  readonly reason?: string;
}

/** One task, as `AdminStore.task` answers. */
export interface AdminTask extends AdminTaskRow {
  /**
   * The traces of the calls that brought the first message of the task and that of its present turn, in this order; one if they are the
   * same. Those of other turns are with their events. Absent: the events that began these turns have none, or are no longer in the log.
   */
  readonly traces?: readonly AdminTrace[];
}

/** The trace of a call that brought a message. */
export interface AdminCallTrace {
  /** Of W3C Trace Context: 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** false: the server recorded no spans of it. */
  readonly sampled: boolean;
}

/** The trace of the call that brought the message of a turn. */
export interface AdminTrace extends AdminCallTrace {
  readonly turn: number;
  /** The event that began the turn. */
  readonly seq: number;
}

/** One event of a task's log. */
export interface AdminEventRow {
  readonly seq: number;
  /** When it was committed, by the storage's clock. Absent: it was written before this version. */
  readonly at?: string;
  readonly kind: 'task' | 'status' | 'artifact';
  /** The fence of the run that wrote it: another fence means another run or replica. */
  readonly fence: number;
  readonly bytes: number;
  /** The trace of the call whose message began a turn with this event. Absent: it began none, or tracing was off. */
  readonly trace?: AdminCallTrace;
}

/** A process that runs tasks. */
export interface AdminReplicaRow {
  readonly id: string;
  /** Without a renewal for this time, others take over its tasks, in ms. */
  readonly leaseMs?: number;
  /** Time since the last renewal, in ms. */
  readonly ageMs: number;
  /** Tasks that it runs. */
  readonly runs: number;
}

/** A webhook of a task, without its secrets. */
export interface AdminWebhookRow {
  readonly taskId: string;
  readonly configId: string;
  readonly agent: string;
  readonly owner: string;
  readonly tenant: string;
  readonly url: string;
  readonly protocolVersion: string;
  readonly createdAt: string;
  /** Deliveries that are owed to it. Counts no further than `OWED_LIMIT`. */
  readonly owed: number;
  /** When the oldest of them is due. */
  readonly dueAt?: string;
  /** Its dead letters. Counts no further than `OWED_LIMIT`. */
  readonly deadLetters: number;
  readonly disabledAt?: string;
}

/** A delivery that is owed to a webhook, or that was given up. */
export interface AdminDeliveryRow {
  readonly id: string;
  readonly taskId: string;
  readonly configId: string;
  readonly seq: number;
  readonly url: string;
  readonly attempts: number;
  /** When it is due; absent for a dead letter. */
  readonly dueAt?: string;
  readonly deadAt?: string;
  readonly deadReason?: string;
  /** The last attempts, at most 10, oldest first. An attempt that delivered is not among them: it ends the delivery. */
  readonly attemptLog: readonly DeliveryAttempt[];
}

/**
 * Figures of the whole storage. Counts stop at `COUNT_LIMIT`: a figure of that size means "at least". Of a SQL database, `open` and
 * the ends in `lastHour` are those of the first 100 agents by name. On Redis all but what is queued, ended and owed is counted among
 * the newest 10,000 tasks.
 */
export interface AdminFigures {
  /** Tasks that have not ended, by agent and state. */
  readonly open: readonly { readonly agent: string; readonly state: TaskState; readonly count: number }[];
  readonly running: number;
  readonly queued: number;
  /** When the first queued task that is due was due. */
  readonly oldestQueuedAt?: string;
  /**
   * The last 60 minutes, oldest first; the last one has only begun. A minute without tasks has zeros. Only the newest `COUNT_LIMIT`
   * tasks that were created, and of each agent and state that ended, are counted.
   */
  readonly lastHour: readonly AdminMinute[];
  /** From the creation of a task to the first event after it, of the newest 200 tasks of the last hour. Absent: none. */
  readonly firstEventMs?: { readonly p50: number; readonly p95: number };
  readonly deliveries: { readonly owed: number; readonly oldestDueAt?: string; readonly dead: number };
}

/** What happened in one minute: tasks that were created and that ended. */
export interface AdminMinute {
  /** Its begin. */
  readonly at: string;
  readonly created: number;
  readonly completed: number;
  readonly failed: number;
  readonly canceled: number;
  readonly rejected: number;
}
