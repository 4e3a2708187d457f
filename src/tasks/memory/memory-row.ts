import { setImmediate as turn } from 'node:timers/promises';
import { TaskFold } from '../../protocol/fold/task-fold.js';
import type { Message, Task, TaskEvent, TaskState } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import { CommittedEvent } from '../committed-event.js';
import type { PendingEvent } from '../pending-event.js';
import { type TaskRow, recordOf } from '../core/task-row.js';
import type { TaskRecord } from '../task-record.js';
import type { OutboxQueue } from './outbox-queue.js';

/** A waiting message, as JSON text. */
export interface InboxRow {
  readonly id: string;
  readonly messageId: string;
  readonly text: string;
  readonly bytes: number;
}

/** A task with everything that belongs to it. Content is kept as text: every reader gets a freshly parsed copy. */
export interface MemoryRow extends TaskScope {
  readonly taskId: string;
  readonly contextId: string;
  state: TaskState;
  statusAt: string;
  bytes: number;
  runOwner?: string;
  fence: number;
  turn: number;
  attempt: number;
  losses: number;
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
  readonly log: PendingEvent[];
  /** The task as of trimmedSeq, unless that is 0. */
  snapshot?: string;
  readonly inbox: InboxRow[];
  /** Ids of all messages that were sent to it. */
  readonly messageIds: string[];
  /** Deliveries owed, one queue per push notification config. */
  queues: OutboxQueue[];
  /** Estimate of its memory use, in bytes. */
  held: number;
}

export const lastSeqOf = (row: MemoryRow): number => row.trimmedSeq + row.log.length;

/** The row as the rules see it. */
export function rowOf(row: MemoryRow): TaskRow {
  const { taskId, contextId, owner, tenant, agent, state, statusAt, bytes, fence, turn, attempt, trimmedSeq } = row;
  const { losses, failures, notBefore, runOwner, cancelRequestedAt } = row;
  return {
    ...{ owner, tenant, agent, taskId, contextId, state, statusAt },
    lastSeq: lastSeqOf(row),
    ...{ bytes, fence, turn, attempt, trimmedSeq, losses, failures },
    queued: notBefore !== undefined,
    ...(runOwner !== undefined && { runOwner }),
    ...(cancelRequestedAt !== undefined && { cancelRequestedAt }),
  };
}

export const headOf = (row: MemoryRow): TaskRecord => recordOf(rowOf(row));

/** The events from `seq` on, decoded from their texts. */
export const eventsFrom = (row: MemoryRow, seq: number, count = Infinity): CommittedEvent[] => {
  const start = seq - row.trimmedSeq - 1;
  return row.log.slice(start, start + count).map((pending, index) => CommittedEvent.of(row, seq + index, pending));
};

/** The task as of its last event. `artifacts: false`: without what only artifacts need, for answers that do not show them. */
export function foldRow(row: MemoryRow, artifacts = true): Task {
  return foldEvents(row, artifacts ? row.log : row.log.filter(concernsMore));
}

/** An upper bound for the task without its artifacts, in bytes of JSON. */
export function bareBytes({ log, snapshot }: MemoryRow): number {
  const kept = snapshot === undefined ? 0 : Buffer.byteLength(snapshot);
  return log.filter(concernsMore).reduce((sum, { bytes }) => sum + bytes, kept);
}

/** The task as of a seq in its log. */
export const foldUpTo = (row: MemoryRow, seq: number): Task => foldEvents(row, row.log.slice(0, seq - row.trimmedSeq));

/** How much is folded in one turn of the event loop. */
const TURN_BYTES = 1024 * 1024;

/** The task as of a seq. It yields to the event loop between parts. undefined: the log was trimmed since. */
export async function foldBitByBit(row: MemoryRow, seq: number): Promise<Task | undefined> {
  if (seq < row.trimmedSeq) return undefined;
  const events = row.log.slice(0, seq - row.trimmedSeq);
  const rest = row.snapshot === undefined ? events.slice(1) : events;
  const fold = beginFold(row, events);
  let bytes = 0;
  for (const event of rest) {
    bytes += event.bytes;
    if (bytes > TURN_BYTES) [bytes] = [0, await turn()];
    applyText(fold, event);
  }
  return fold.task;
}

/** As foldLog, directly from the texts. The result is a new task: each text is parsed for it. */
function foldEvents(row: MemoryRow, events: readonly PendingEvent[]): Task {
  const rest = row.snapshot === undefined ? events.slice(1) : events;
  const fold = beginFold(row, events);
  for (const event of rest) applyText(fold, event);
  return fold.task;
}

const beginFold = (row: MemoryRow, [created]: readonly PendingEvent[]): TaskFold =>
  new TaskFold(row.snapshot === undefined ? createdTask(row, created) : (JSON.parse(row.snapshot) as Task));

function applyText(fold: TaskFold, { kind, data, inbound }: PendingEvent): void {
  const body = JSON.parse(data) as object;
  const event = kind === 'status' ? { statusUpdate: body } : { artifactUpdate: body };
  fold.apply(event as TaskEvent, inbound === undefined ? undefined : (JSON.parse(inbound) as Message));
}

function createdTask({ taskId, contextId }: MemoryRow, created: PendingEvent | undefined): Task {
  if (!created) throw new Error(`The log of task ${taskId} has no first event.`);
  return { id: taskId, contextId, ...(JSON.parse(created.data) as Omit<Task, 'id' | 'contextId'>) };
}

/** An artifact event can change the rest of a task only through its metadata. */
const concernsMore = ({ kind, data }: PendingEvent): boolean => kind !== 'artifact' || data.includes('"metadata"');
