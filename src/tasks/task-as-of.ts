import type { Task } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { foldLog } from './fold-log.js';
import type { TaskStore } from './task-store.interface.js';

/**
 * The task as it was at `seq`, folded from its log. undefined: it does not exist, or its log no longer reaches back (only for a
 * task that has ended). Reads the whole stretch: use it only for the rare case that the task has moved on since.
 */
export async function taskAsOf(
  store: Pick<TaskStore, 'eventsAfter'>,
  caller: CallContext,
  taskId: string,
  seq: number,
): Promise<Task | undefined> {
  let task: Task | undefined;
  for (let at = 0; at < seq;) {
    const page = await store.eventsAfter(caller, taskId, at, { limit: Math.min(256, seq - at) });
    if (!page || page.trimmed || page.events.length === 0) return undefined;
    task = foldLog(page.events, task);
    at += page.events.length;
  }
  return task;
}
