import type { TaskScope } from '../../security/call-context.js';
import { type TaskFacts, type TaskRow, awaitsClient, isOpen } from './task-row.js';

/**
 * Which open tasks are looked for. A condition that is absent is not asked. Storages turn it into their language (`matches` is
 * what it means), and answer with the oldest first: in the order of the ids, which is that of their making.
 */
export interface TaskFilter {
  /** Nobody, a replica that is not registered any more, or this replica. */
  readonly runBy?: 'nobody' | 'lost replica' | { readonly replica: string };
  readonly queued?: boolean;
  readonly hasMessage?: boolean;
  readonly awaitsClient?: boolean;
  readonly cancelRequested?: true;
  /** So long ago the cancel was requested, or else the status was set, by the storage's clock. */
  readonly unchangedForMs?: number;
  readonly agents?: readonly TaskScope['agent'][];
  readonly without?: readonly string[];
  /** Behind the task of this id. */
  readonly after?: string;
  readonly limit?: number;
}

/** The column by which what is found is ordered. */
export const OLDEST_FIRST = 'task_id';

/** The rule of each list of tasks that somebody is to act on. */
export const TASK_FILTERS = {
  orphaned: { runBy: 'lost replica' },
  withMessage: { runBy: 'nobody', queued: false, hasMessage: true },
  forgotten: { runBy: 'nobody', queued: false, hasMessage: false, awaitsClient: false },
} as const satisfies Record<string, TaskFilter>;

/** `now`: ms of the epoch. The limit and the order are the caller's. */
export function matches(row: TaskRow, filter: TaskFilter, facts: TaskFacts, now: number): boolean {
  const { runBy, agents, without, unchangedForMs, after } = filter;
  const is = <K extends keyof TaskFilter>(key: K, value: TaskFilter[K]): boolean =>
    filter[key] === undefined || filter[key] === value;
  return (
    isOpen(row) &&
    isRunBy(row, runBy, facts) &&
    is('queued', row.queued) &&
    is('hasMessage', facts.hasMessage) &&
    is('awaitsClient', awaitsClient(row)) &&
    (filter.cancelRequested === undefined || row.cancelRequestedAt !== undefined) &&
    (agents === undefined || agents.includes(row.agent)) &&
    (without === undefined || !without.includes(row.taskId)) &&
    (after === undefined || row.taskId > after) &&
    (unchangedForMs === undefined || Date.parse(row.cancelRequestedAt ?? row.statusAt) <= now - unchangedForMs)
  );
}

function isRunBy({ runOwner }: TaskRow, runBy: TaskFilter['runBy'], { ownerAlive }: TaskFacts): boolean {
  if (runBy === undefined) return true;
  if (runBy === 'nobody') return runOwner === undefined;
  return runBy === 'lost replica' ? runOwner !== undefined && !ownerAlive : runOwner === runBy.replica;
}
