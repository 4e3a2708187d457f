import type { TaskState } from '../../protocol/model/index.js';
import type { TaskScope } from '../../security/call-context.js';
import type { AdminTaskFilter } from './admin-store.interface.js';

/** What a filter reads of a task. Times in ms since the epoch. */
export interface FilteredTask extends TaskScope {
  readonly contextId: string;
  readonly state: TaskState;
  readonly createdAt: number;
  /** It is queued. */
  readonly notBefore?: number | undefined;
  readonly runOwner?: string | undefined;
}

/** All of a filter but the reason. */
export const matches = (row: FilteredTask, filter: AdminTaskFilter): boolean =>
  (filter.agent === undefined || row.agent === filter.agent) &&
  (filter.owner === undefined || row.owner === filter.owner) &&
  (filter.tenant === undefined || row.tenant === filter.tenant) &&
  (filter.contextId === undefined || row.contextId === filter.contextId) &&
  (filter.states === undefined || filter.states.includes(row.state)) &&
  (filter.from === undefined || row.createdAt >= filter.from) &&
  (filter.to === undefined || row.createdAt < filter.to) &&
  (!filter.queued || row.notBefore !== undefined) &&
  (filter.runOwner === undefined || row.runOwner === filter.runOwner);
