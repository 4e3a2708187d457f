import { steadyNow } from '../../common/steady-now.js';
import { RETENTION_FILTERS, type RetentionFact, matchesRetention } from '../core/retention-filter.js';
import type { SettledTasks } from '../task-store.interface.js';
import type { StoredTask } from './stored-task.js';

const FACTS: Readonly<Record<Exclude<RetentionFact, 'held'>, (task: StoredTask) => boolean>> = {
  owesDeliveries: ({ webhooks }) => webhooks.some(({ owed }) => owed.length > 0),
  trimmed: ({ trimmedSeq }) => trimmedSeq > 0,
  running: ({ runOwner }) => runOwner !== undefined,
  queued: ({ notBefore }) => notBefore !== undefined,
  hasMessage: ({ inbox }) => inbox.length > 0,
};

/**
 * The first of these tasks that have been in a state for long enough, and that a filter of retention finds. They keep their order.
 * `isHeld`: whether an owner is under a legal hold.
 */
export function settledTasks<T extends StoredTask>(
  tasks: Iterable<T>,
  filter: keyof typeof RETENTION_FILTERS,
  { agent, state, forMs }: SettledTasks,
  limit: number,
  isHeld: (owner: string) => boolean = () => false,
): T[] {
  const since = steadyNow() - forMs;
  const found: T[] = [];
  for (const task of tasks) {
    if (found.length === limit) break;
    if (task.agent !== agent || task.state !== state || task.stateAt > since) continue;
    const is = (fact: RetentionFact): boolean => (fact === 'held' ? isHeld(task.owner) : FACTS[fact](task));
    if (matchesRetention(RETENTION_FILTERS[filter], state, is)) found.push(task);
  }
  return found;
}
