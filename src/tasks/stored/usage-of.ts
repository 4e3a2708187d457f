import type { StoredUsage } from '../../common/quotas/known-usage.js';
import type { UsageOf } from '../task-store.interface.js';
import type { StoredTask } from './stored-task.js';

/** What these tasks are of an owner or a tenant, as `TaskStore.usage` answers. */
export function usageOf(stored: Iterable<StoredTask>, of: UsageOf, maxTasks = Infinity): StoredUsage {
  let [tasks, bytes] = [0, 0];
  for (const task of stored) {
    if (tasks >= maxTasks) break;
    if ('owner' in of ? task.owner !== of.owner : task.tenant !== of.tenant) continue;
    tasks++;
    bytes += task.bytes;
  }
  return { tasks, bytes };
}
