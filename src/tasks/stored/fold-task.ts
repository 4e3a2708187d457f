import { setImmediate as turn } from 'node:timers/promises';
import { TaskFold } from '../../protocol/fold/task-fold.js';
import type { Message, Task, TaskEvent } from '../../protocol/model/index.js';
import type { PendingEvent } from '../pending-event.js';
import type { StoredTask } from './stored-task.js';

/** What a task is folded from. */
type TaskLog = Pick<StoredTask, 'taskId' | 'contextId' | 'trimmedSeq' | 'log' | 'snapshot'>;

/** The task as of its last event. `artifacts: false`: without what only artifacts need, for answers that do not show them. */
export const foldTask = (task: TaskLog, artifacts = true): Task =>
  foldEvents(task, artifacts ? task.log : task.log.filter(concernsMore));

/** An upper bound for the task without its artifacts, in bytes of JSON. */
export function bareBytes({ log, snapshot }: TaskLog): number {
  const kept = snapshot === undefined ? 0 : Buffer.byteLength(snapshot);
  return log.filter(concernsMore).reduce((sum, { bytes }) => sum + bytes, kept);
}

/** How much is folded in one turn of the event loop. */
const TURN_BYTES = 1024 * 1024;

/** The task as of a seq. It yields to the event loop between parts. undefined: the log was trimmed since. */
export async function foldBitByBit(task: TaskLog, seq: number): Promise<Task | undefined> {
  if (seq < task.trimmedSeq) return undefined;
  const events = task.log.slice(0, seq - task.trimmedSeq);
  const rest = task.snapshot === undefined ? events.slice(1) : events;
  const fold = beginFold(task, events);
  let bytes = 0;
  for (const event of rest) {
    bytes += event.bytes;
    if (bytes > TURN_BYTES) [bytes] = [0, await turn()];
    applyText(fold, event);
  }
  return fold.task;
}

/** Drops the events up to a seq from the log, and keeps what they made of the task as its snapshot. */
export function trimLog(task: StoredTask, upToSeq: number): void {
  const count = Math.min(upToSeq - task.trimmedSeq, task.log.length);
  if (count <= 0) return;
  task.snapshot = JSON.stringify(foldEvents(task, task.log.slice(0, count)));
  task.log.splice(0, count);
  task.trimmedSeq += count;
}

/** As foldLog, directly from the texts. The result is a new task: each text is parsed for it. */
function foldEvents(task: TaskLog, events: readonly PendingEvent[]): Task {
  const rest = task.snapshot === undefined ? events.slice(1) : events;
  const fold = beginFold(task, events);
  for (const event of rest) applyText(fold, event);
  return fold.task;
}

const beginFold = (task: TaskLog, [created]: readonly PendingEvent[]): TaskFold =>
  new TaskFold(task.snapshot === undefined ? createdTask(task, created) : (JSON.parse(task.snapshot) as Task));

function applyText(fold: TaskFold, { kind, data, inbound }: PendingEvent): void {
  const body = JSON.parse(data) as object;
  const event = kind === 'status' ? { statusUpdate: body } : { artifactUpdate: body };
  fold.apply(event as TaskEvent, inbound === undefined ? undefined : (JSON.parse(inbound) as Message));
}

function createdTask({ taskId, contextId }: TaskLog, created: PendingEvent | undefined): Task {
  if (!created) throw new Error(`The log of task ${taskId} has no first event.`);
  return { id: taskId, contextId, ...(JSON.parse(created.data) as Omit<Task, 'id' | 'contextId'>) };
}

/** An artifact event can change the rest of a task only through its metadata. */
const concernsMore = ({ kind, data }: PendingEvent): boolean => kind !== 'artifact' || data.includes('"metadata"');
