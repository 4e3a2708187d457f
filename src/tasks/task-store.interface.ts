import type { ListTasksRequest, ListTasksResponse, TaskState } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { StoredUsage } from '../common/quotas/known-usage.js';
import type { CommittedEvent } from './committed-event.js';
import type { ListLimits } from './list-page.js';
import type { OpenTask } from './open-task.js';
import type { PendingEvent } from './pending-event.js';
import type { PushConfig } from './push-config-store.interface.js';
import type { RunRef, TaskRecord, TaskSnapshot } from './task-record.js';

/** Injects the `TaskStore`. */
export const TASK_STORE = Symbol('TaskStore');

/** A task to create, with its first event. */
export interface NewTask {
  readonly taskId: string;
  readonly contextId: string;
  /** Event 1, of kind `task`, in a state that is not terminal. */
  readonly event: PendingEvent;
  /** The replica that runs it, set by the insert; undefined: it is queued as of now. */
  readonly runOwner?: string;
  /** The key that identifies a repeated send of the message. */
  readonly messageId: string;
  /** Digest of the message's content. The same messageId with another digest is a client error. */
  readonly digest: string;
  /** Stored with the task, in this order; event 1 is owed to each. */
  readonly pushConfigs?: readonly PushConfig[];
}

/** `created: false`: this owner, tenant and agent already sent this messageId; `taskId` is the task of that message. */
export type CreateResult =
  | { readonly created: true; readonly run: RunRef; readonly event: CommittedEvent }
  | { readonly created: false; readonly taskId: string; readonly sameContent: boolean };

/** Events that a run appends to the log of its task. */
export interface RunAppend {
  readonly run: RunRef;
  /** Seq of the first event; must be the row's last_seq + 1. */
  readonly firstSeq: number;
  /** A terminal event, if any, is the last. */
  readonly events: readonly PendingEvent[];
  /** Inbox entry that this append consumes (its message is the `inbound` of the first event). The same statement deletes it. */
  readonly consumes?: string;
}

/**
 * `fenced`: another run owns the task now, or last_seq is not what the caller expects. `terminal`: the task has ended. `missing`:
 * no such task in this scope. `invalid`: the storage refuses this run's data, or the append holds a `task` event or a terminal
 * event that is not its last; `cause` says why. A refused append changes nothing.
 */
export type AppendResult =
  | { readonly ok: true; readonly events: readonly CommittedEvent[] }
  | { readonly ok: false; readonly reason: 'fenced' | 'terminal' | 'missing' | 'invalid'; readonly cause?: unknown };

/** How large a page of events may be. */
export interface EventPageLimits {
  /** Default 256. */
  readonly limit?: number;
  /** Stop after the event that exceeds this many bytes; at least one event is returned. Default 1 MiB. */
  readonly maxBytes?: number;
}

/** `trimmed`: some events after `afterSeq` are no longer in the log; the reader needs a snapshot. */
export interface EventPage {
  readonly events: readonly CommittedEvent[];
  readonly lastSeq: number;
  readonly trimmed: boolean;
}

/** Whose tasks. */
export type UsageOf = { readonly owner: string } | { readonly tenant: string };

/** The tasks of one agent that have been in `state` for at least `forMs`, by the storage's clock. */
export interface SettledTasks {
  readonly agent: string;
  readonly state: TaskState;
  /** At most 100 years. */
  readonly forMs: number;
}

/**
 * Tasks and their event logs. Every method that a client can reach takes the CallContext and treats a task of another scope as
 * missing. Throws A2AError UNAVAILABLE while the storage cannot be reached, INVALID_PARAMS on an invalid page token.
 */
export interface TaskStore {
  create(context: CallContext, task: NewTask): Promise<CreateResult>;
  /** Appends of many runs in as few commits as possible. Resolves per run, after the commit. Never throws because of another run. */
  append(append: RunAppend): Promise<AppendResult>;
  /** The task that accepted the message with this id from this caller, if any. */
  byMessageId(
    context: CallContext,
    messageId: string,
  ): Promise<{ readonly taskId: string; readonly digest: string } | undefined>;
  head(context: CallContext, taskId: string): Promise<TaskRecord | undefined>;
  /** The whole task, whatever its size. For answers to clients use TaskDocuments. */
  get(context: CallContext, taskId: string): Promise<TaskSnapshot | undefined>;
  /** Finds a task without reading its large parts. */
  open(context: CallContext, taskId: string): Promise<OpenTask | undefined>;
  /**
   * A page of the caller's tasks, as many as `pageSize` and the limits allow. A task that is larger than a page gets a page of its
   * own, with the newest messages of its history that fit.
   */
  list(context: CallContext, query: ListTasksRequest, limits?: ListLimits): Promise<ListTasksResponse>;
  /** Events afterSeq+1 … in order, without a gap. undefined: no such task here. */
  eventsAfter(
    context: CallContext,
    taskId: string,
    afterSeq: number,
    limits?: EventPageLimits,
  ): Promise<EventPage | undefined>;
  /** The newest seq of each of these tasks that exists. One query serves the periodic poll for all watched tasks. */
  lastSeqs(
    tasks: readonly { taskId: string; owner: string; tenant: string; agent: string }[],
  ): Promise<Map<string, number>>;
  /**
   * What is stored of an owner over all tenants, or of a tenant that is not ''. `maxTasks`: reads no more tasks. Not for clients: no scope.
   */
  usage(of: UsageOf, maxTasks?: number): Promise<StoredUsage>;
  /** Deletes a task and everything that belongs to it. False: no such task. */
  delete(context: CallContext, taskId: string): Promise<boolean>;
  /**
   * Deletes up to `limit` of these tasks, in a terminal state, longest ended first. Everything that belongs to them is deleted,
   * except the ids of their messages: `forgetMessages` deletes those. Tasks that still owe deliveries to webhooks stay, and so do
   * tasks that another process is deleting. Returns how many. Not for clients: no scope.
   */
  deleteEnded(which: SettledTasks, limit: number): Promise<number>;
  /**
   * Trims the whole logs of up to `limit` of these tasks, in a terminal state, longest ended first. A task that is too large for a
   * snapshot keeps its log and is not read again. Returns how many tasks were read. Not for clients: no scope.
   */
  trimEnded(which: SettledTasks, limit: number): Promise<number>;
  /**
   * Up to `limit` of these tasks, in an interrupted state, that wait for their clients: nobody runs them, they are not queued, and
   * no message waits for them. Not for clients: no scope.
   */
  expiredInputRequired(which: SettledTasks, limit: number): Promise<TaskRecord[]>;
  /**
   * Deletes up to `limit` message ids that arrived more than `olderThanMs` ago, for tasks that have ended or are gone: a message
   * that is sent under such an id afterwards is new. Returns how many. Not for clients: no scope.
   */
  forgetMessages(olderThanMs: number, limit: number): Promise<number>;
  /**
   * Drops events with seq <= upToSeq of a terminal task from the log, after ensuring that a snapshot covers them. Readers behind
   * it get `trimmed: true`. Does nothing for a task that does not exist or has not ended. Not for clients: no scope.
   */
  trim(taskId: string, upToSeq: number): Promise<void>;
}
