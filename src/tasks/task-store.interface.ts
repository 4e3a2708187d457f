import type { ListTasksRequest, ListTasksResponse, TaskState } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { CommittedEvent } from './committed-event.js';
import type { ListLimits } from './list-page.js';
import type { OpenTask } from './open-task.js';
import type { PendingEvent } from './pending-event.js';
import type { PushConfig } from './push-config-store.interface.js';
import type { RunRef, TaskRecord, TaskSnapshot } from './task-record.js';

export const TASK_STORE = Symbol('TaskStore');

export interface NewTask {
  readonly taskId: string;
  readonly contextId: string;
  /** Event 1, kind `task`, of a state that is not terminal. */
  readonly event: PendingEvent;
  /** The replica that runs it, set in the insert; undefined = it waits for a start, from now on. */
  readonly runOwner?: string;
  /** Under what the message is known when it is sent again. */
  readonly messageId: string;
  /** Digest of the message's content: the same messageId with another digest is an error of the client. */
  readonly digest: string;
  /** Stored with the task; event 1 is owed to it. */
  readonly pushConfig?: PushConfig;
}

/** `created: false`: this owner, tenant and agent sent this messageId before; `taskId` is that task. */
export type CreateResult =
  | { readonly created: true; readonly run: RunRef; readonly event: CommittedEvent }
  | { readonly created: false; readonly taskId: string; readonly sameContent: boolean };

export interface RunAppend {
  readonly run: RunRef;
  /** Seq of the first event; must be the row's last_seq + 1. */
  readonly firstSeq: number;
  /** A terminal event, if any, is the last. */
  readonly events: readonly PendingEvent[];
  /** Inbox entry that this append consumes (its message is the `inbound` of the first event); deleted in the same statement. */
  readonly consumes?: string;
}

/**
 * `fenced`: another run owns the task now, or last_seq is not what the caller thinks. `terminal`: the task has ended.
 * `missing`: no such task in this scope. `invalid`: the storage refuses this run's data, or the append holds a `task` event or
 * a terminal event that is not its last; `cause` says why. A refused append changes nothing.
 */
export type AppendResult =
  | { readonly ok: true; readonly events: readonly CommittedEvent[] }
  | { readonly ok: false; readonly reason: 'fenced' | 'terminal' | 'missing' | 'invalid'; readonly cause?: unknown };

export interface EventPageLimits {
  /** Default 256. */
  readonly limit?: number;
  /** Stop after the event that passes this many bytes; at least one event is returned. Default 1 MiB. */
  readonly maxBytes?: number;
}

/** `trimmed`: events after `afterSeq` are no longer all there; the reader needs a snapshot. */
export interface EventPage {
  readonly events: readonly CommittedEvent[];
  readonly lastSeq: number;
  readonly trimmed: boolean;
}

/** The tasks of one agent that have been in `state` for at least `forMs`, by the storage's clock. */
export interface SettledTasks {
  readonly agent: string;
  readonly state: TaskState;
  /** At most 100 years. */
  readonly forMs: number;
}

/**
 * Tasks and their event logs. Every method that a client can reach takes the CallContext and answers a stranger as if the
 * task were not there. Throws A2AError UNAVAILABLE while the storage cannot be reached, INVALID_PARAMS on a bad page token.
 */
export interface TaskStore {
  create(context: CallContext, task: NewTask): Promise<CreateResult>;
  /** Appends of many runs in as few commits as can be; resolves per run, after the commit. Never throws for one run's fault. */
  append(append: RunAppend): Promise<AppendResult>;
  /** The task that took the message of this id from this caller, if one did. */
  byMessageId(
    context: CallContext,
    messageId: string,
  ): Promise<{ readonly taskId: string; readonly digest: string } | undefined>;
  head(context: CallContext, taskId: string): Promise<TaskRecord | undefined>;
  /** The whole task, whatever its size. What clients are shown comes from TaskDocuments. */
  get(context: CallContext, taskId: string): Promise<TaskSnapshot | undefined>;
  /** Finds a task without reading what may be large of it. */
  open(context: CallContext, taskId: string): Promise<OpenTask | undefined>;
  /**
   * A page of the caller's tasks, as many as `pageSize` and the limits allow. A task that is larger than a page is alone on one,
   * with the newest of its history that fit.
   */
  list(context: CallContext, query: ListTasksRequest, limits?: ListLimits): Promise<ListTasksResponse>;
  /** Events afterSeq+1 … in order, without a gap. undefined: no such task here. */
  eventsAfter(
    context: CallContext,
    taskId: string,
    afterSeq: number,
    limits?: EventPageLimits,
  ): Promise<EventPage | undefined>;
  /** Newest seq of each of these tasks that is there; the poll floor's one query for all watched tasks. */
  lastSeqs(
    tasks: readonly { taskId: string; owner: string; tenant: string; agent: string }[],
  ): Promise<Map<string, number>>;
  /** Deletes a task and all that belongs to it. False: not there. */
  delete(context: CallContext, taskId: string): Promise<boolean>;
  /**
   * Deletes up to `limit` of these tasks, of a terminal state, longest ended first, with all that belongs to them but the ids
   * of their messages: those are known until `forgetMessages`. Tasks of which deliveries are still owed to webhooks stay, and
   * so do those that another process is deleting. Returns how many. Not for clients: no scope.
   */
  deleteEnded(which: SettledTasks, limit: number): Promise<number>;
  /**
   * Trims the whole logs of up to `limit` of these tasks, of a terminal state, longest ended first. A task that is too large
   * for a snapshot keeps its log, and is not looked at again. Returns how many were looked at. Not for clients: no scope.
   */
  trimEnded(which: SettledTasks, limit: number): Promise<number>;
  /**
   * Up to `limit` of these tasks, of an interrupted state, that wait for their clients: nobody runs them, they do not wait for a
   * start, and no message waits for them. Not for clients: no scope.
   */
  expiredInputRequired(which: SettledTasks, limit: number): Promise<TaskRecord[]>;
  /**
   * Forgets up to `limit` messages that came more than `olderThanMs` ago, to tasks that have ended by now or are gone: what is
   * sent under their ids from then on is new. Returns how many. Not for clients: no scope.
   */
  forgetMessages(olderThanMs: number, limit: number): Promise<number>;
  /**
   * Drops events with seq <= upToSeq of a terminal task from the log after making sure that a snapshot covers them; readers
   * behind it get `trimmed: true`. Does nothing to a task that is not there or has not ended. Not for clients: no scope.
   */
  trim(taskId: string, upToSeq: number): Promise<void>;
}
