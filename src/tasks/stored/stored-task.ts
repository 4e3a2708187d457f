import { steadyNow } from '../../common/steady-now.js';
import type { TaskState } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { newTaskCounters } from '../core/new-task.js';
import { type TaskRow, recordOf } from '../core/task-row.js';
import type { PendingEvent } from '../pending-event.js';
import { statusTime } from '../status-time.js';
import type { TaskRecord } from '../task-record.js';
import type { NewTask } from '../task-store.interface.js';
import type { StoredWebhook } from './stored-webhook.js';
import { withMembers } from '../../common/with-members.js';

/** A message that waits for its turn, as JSON text. */
export interface InboxRow {
  readonly id: string;
  readonly messageId: string;
  readonly text: string;
  readonly bytes: number;
}

/** An event of a log: with the fence of the run that wrote it, and when that was, in milliseconds since the epoch. */
export interface LoggedEvent extends PendingEvent {
  readonly fence: number;
  readonly at: number;
}

/**
 * A task as one value, for storages that keep it in one place. The functions of this folder change it in place, by the rules, and
 * without I/O. Content is text: every reader gets a freshly parsed copy. Times without a unit in their type are RFC 3339 UTC.
 */
export interface StoredTask extends TaskScope {
  readonly taskId: string;
  readonly contextId: string;
  state: TaskState;
  statusAt: string;
  /** The beginning of the text of the present status message, once the task has settled. */
  reason?: string;
  /** Bytes of all events so far. */
  bytes: number;
  runOwner?: string;
  fence: number;
  turn: number;
  attempt: number;
  crashes: number;
  failures: number;
  /** The task is queued and starts no earlier than this, in milliseconds since the epoch. */
  notBefore?: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  cancelRequestedAt?: string;
  trimmedSeq: number;
  /** When it entered its present state, in milliseconds since the epoch. */
  stateAt: number;
  /** Events from trimmedSeq+1 on. */
  readonly log: LoggedEvent[];
  /** The task as of trimmedSeq, as JSON text, unless that is 0. */
  snapshot?: string;
  /** Oldest first. */
  readonly inbox: InboxRow[];
  /** Active and disabled ones, with what is owed to each. */
  webhooks: StoredWebhook[];
}

/** A new task as its first event makes it: without a webhook, and queued as of now when nobody runs it. */
export function newStoredTask(
  { owner, tenant, agent }: TaskScope,
  { taskId, contextId, event, runOwner }: NewTask,
): StoredTask {
  const now = steadyNow();
  const { queued, ...counters } = newTaskCounters(runOwner);
  return {
    owner,
    tenant,
    agent,
    taskId,
    contextId,
    state: event.state ?? 'TASK_STATE_SUBMITTED',
    statusAt: statusTime(event.statusAt) ?? new Date().toISOString(),
    reason: event.reason,
    bytes: event.bytes,
    runOwner,
    ...counters,
    createdAt: now,
    notBefore: queued ? now : undefined,
    cancelRequestedAt: undefined,
    trimmedSeq: 0,
    stateAt: now,
    snapshot: undefined,
    log: [withMembers(event, { fence: counters.fence, at: now })],
    inbox: [],
    webhooks: [],
  };
}

export const lastSeqOf = ({ trimmedSeq, log }: Pick<StoredTask, 'trimmedSeq' | 'log'>): number =>
  trimmedSeq + log.length;

/** The task as the rules see it. */
export function rowOf(task: StoredTask): TaskRow {
  const { taskId, contextId, owner, tenant, agent, state, statusAt, bytes, fence, turn, attempt, trimmedSeq } = task;
  const { crashes, failures, notBefore, runOwner, cancelRequestedAt } = task;
  return {
    owner,
    tenant,
    agent,
    taskId,
    contextId,
    state,
    statusAt,
    lastSeq: lastSeqOf(task),
    bytes,
    fence,
    turn,
    attempt,
    trimmedSeq,
    crashes,
    failures,
    queued: notBefore !== undefined,
    ...(runOwner !== undefined && { runOwner }),
    ...(cancelRequestedAt !== undefined && { cancelRequestedAt }),
  };
}

/** The task's record, as `TaskStore.head` answers. */
export const headOf = (task: StoredTask): TaskRecord => recordOf(rowOf(task));
