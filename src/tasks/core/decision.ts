import type { TaskFacts, TaskRow } from './task-row.js';

/** When a queued task may start: so many ms from the storage's present time, or as of when it was made. */
export type QueueTime = { readonly inMs: number } | 'created';

/** Changes of a task's row. What is absent stays as it is. */
export interface TaskPatch {
  /** null: nobody. */
  readonly runOwner?: string | null;
  readonly fence?: number;
  readonly turn?: number;
  readonly attempt?: number;
  readonly crashes?: number;
  readonly failures?: number;
  /** null: it is not queued any more. */
  readonly queue?: QueueTime | null;
  /** The cancel is requested at the storage's present time. */
  readonly requestCancel?: true;
}

/** What is decided about anything but a run: without a patch nothing changes. */
export interface Change<P, T> {
  readonly patch?: P;
  readonly result: T;
}

/** With a patch `result` makes the answer of the row as it is then; without one nothing changes. */
export type Decision<T> =
  | { readonly patch: TaskPatch; readonly result: (after: TaskRow) => T }
  | { readonly patch?: undefined; readonly result: T };

/** `row` is undefined when there is no such task in the caller's scope. Decides without I/O and without a clock. */
export type Decide<T> = (row: TaskRow | undefined, facts: TaskFacts) => Decision<T>;

export const refuse = <T>(result: T): Decision<T> => ({ result });

export const accept = <T>(patch: TaskPatch, result: (after: TaskRow) => T): Decision<T> => ({ patch, result });
