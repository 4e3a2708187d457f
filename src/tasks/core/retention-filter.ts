import type { TaskState } from '../../protocol/model/index.js';
import { isInterrupted, isTerminal } from '../../protocol/state/task-state.js';

/** What may keep a task from being found: a legal hold on its owner, a delivery that is owed, … */
export type RetentionFact = 'held' | 'owesDeliveries' | 'trimmed' | 'running' | 'queued' | 'hasMessage';

/**
 * Which tasks retention acts on, of those that have been in a state for long enough. Storages turn it into their language
 * (`matchesRetention` is what it means), and begin with those that have been in it the longest.
 */
export interface RetentionFilter {
  /** In a terminal state; else in an interrupted one. */
  readonly ended: boolean;
  readonly not: readonly RetentionFact[];
}

/** `abandoned`: they wait for their clients, and nobody works on them or will. */
export const RETENTION_FILTERS = {
  deletable: { ended: true, not: ['held', 'owesDeliveries'] },
  trimmable: { ended: true, not: ['held', 'trimmed'] },
  abandoned: { ended: false, not: ['running', 'queued', 'hasMessage'] },
} as const satisfies Record<string, RetentionFilter>;

export const matchesRetention = (
  { ended, not }: RetentionFilter,
  state: TaskState,
  is: (fact: RetentionFact) => boolean,
): boolean => (ended ? isTerminal(state) : isInterrupted(state)) && !not.some(is);

/** The deliveries whose events a trim keeps, hidden from readers: what was given up may be owed again. */
export const KEPT_BY_TRIM: readonly ('owed' | 'dead')[] = ['owed', 'dead'];
