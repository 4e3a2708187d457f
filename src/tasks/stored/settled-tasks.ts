import { steadyNow } from '../../common/steady-now.js';
import { isInterrupted } from '../../protocol/state/task-state.js';
import type { SettledTasks } from '../task-store.interface.js';
import type { StoredTask } from './stored-task.js';

/** The first of these tasks that have been in a state for long enough, and that `also` accepts. They keep their order. */
export function settledTasks<T extends StoredTask>(
  tasks: Iterable<T>,
  { agent, state, forMs }: SettledTasks,
  limit: number,
  also: (task: T) => boolean,
): T[] {
  const since = steadyNow() - forMs;
  const found: T[] = [];
  for (const task of tasks) {
    if (found.length === limit) break;
    if (task.agent === agent && task.state === state && task.stateAt <= since && also(task)) found.push(task);
  }
  return found;
}

/** It still owes deliveries, so retention leaves it. */
export const owesDeliveries = ({ webhooks }: StoredTask): boolean => webhooks.some(({ owed }) => owed.length > 0);

/** It waits for its client, and nobody works on it or will. */
export const waitsForClient = ({ state, runOwner, inbox, notBefore }: StoredTask): boolean =>
  isInterrupted(state) && runOwner === undefined && inbox.length === 0 && notBefore === undefined;
