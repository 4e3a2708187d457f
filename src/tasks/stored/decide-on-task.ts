import { steadyNow } from '../../common/steady-now.js';
import type { Decide, TaskPatch } from '../core/decision.js';
import { type TaskFilter, matches } from '../core/task-filter.js';
import { type TaskFacts, isOpen, recordOf } from '../core/task-row.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import { type StartedTurn, startedTurn } from '../turn-request.js';
import { type StoredTask, rowOf } from './stored-task.js';

/** Whether a replica is registered. */
export type IsAlive = (replicaId: string) => boolean;

/** Applies what is decided, as `TaskRows.change` asks. `changed`: whether the task is not what it was. */
export function decideOnTask<T>(
  task: StoredTask | undefined,
  decide: Decide<T>,
  isAlive: IsAlive,
): { readonly result: T; readonly changed: boolean } {
  const decision = decide(task && rowOf(task), factsOf(task, isAlive));
  if (!task || !decision.patch) return { result: decision.result as T, changed: false };
  applyPatch(task, decision.patch);
  return { result: decision.result(rowOf(task)), changed: true };
}

/** The tasks that the filter finds among these, as `TaskRows.find` answers. */
export function findTasks(tasks: Iterable<StoredTask>, filter: TaskFilter, isAlive: IsAlive): TaskRecord[] {
  const now = Date.now();
  const found: StoredTask[] = [];
  for (const task of tasks) {
    // Most tasks of a storage have ended: nothing is made for them.
    if (isOpen(task) && matches(rowOf(task), filter, factsOf(task, isAlive), now)) found.push(task);
  }
  return found
    .sort((a, b) => (a.taskId < b.taskId ? -1 : 1))
    .slice(0, filter.limit)
    .map((task) => recordOf(rowOf(task)));
}

/** The turn that a run is in, as `TaskRows.startedTurn` answers. */
export function startedTurnOf(task: StoredTask | undefined, run: RunRef): StartedTurn | undefined {
  if (task?.fence !== run.fence) return undefined;
  const event = task.log.findLast(({ inbound }, index) => inbound !== undefined || index === 0);
  return event && startedTurn(event, task.turn);
}

function factsOf(task: StoredTask | undefined, isAlive: IsAlive): TaskFacts {
  const ownerAlive = task?.runOwner !== undefined && isAlive(task.runOwner);
  return { hasMessage: (task?.inbox.length ?? 0) > 0, ownerAlive };
}

function applyPatch(task: StoredTask, { runOwner, queue, requestCancel, ...counters }: TaskPatch): void {
  Object.assign(task, counters);
  if (runOwner !== undefined) task.runOwner = runOwner ?? undefined;
  if (queue === null) task.notBefore = undefined;
  else if (queue) task.notBefore = queue === 'created' ? task.createdAt : steadyNow() + queue.inMs;
  if (requestCancel) task.cancelRequestedAt = new Date().toISOString();
}
