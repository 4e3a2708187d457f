import { isInterrupted, isTerminal } from '../../protocol/state/task-state.js';
import type { ClaimedRun } from '../run-store.interface.js';
import type { RunRef, TaskRecord } from '../task-record.js';

/** A task's row with all that decides what may happen to the task next. */
export interface TaskRow extends TaskRecord {
  /** How often the process that ran the present turn was lost. */
  readonly crashes: number;
  /** How often the present turn was requeued because it had failed. */
  readonly failures: number;
  /** It waits for a start, not before a time that the storage keeps. */
  readonly queued: boolean;
}

/** What a decision may ask beside the row. A storage reads it after it has locked the row. */
export interface TaskFacts {
  /** A message waits in the inbox. */
  readonly hasMessage: boolean;
  /** The replica that runs the task is registered. */
  readonly ownerAlive: boolean;
}

/** For decisions that ask for none. */
export const NO_FACTS: TaskFacts = { hasMessage: false, ownerAlive: false };

/** A field of a task's row that decisions depend on. */
export type FactName = keyof TaskFacts;

export const isOpen = ({ state }: Pick<TaskRow, 'state'>): boolean => !isTerminal(state);

/** Nobody runs it, and nobody is to start it. */
export const isIdle = (row: Pick<TaskRow, 'state' | 'runOwner' | 'queued'>): boolean =>
  isOpen(row) && row.runOwner === undefined && !row.queued;

/** Nothing happens to it until its client does something. */
export const awaitsClient = ({ state, cancelRequestedAt }: Pick<TaskRow, 'state' | 'cancelRequestedAt'>): boolean =>
  isInterrupted(state) && cancelRequestedAt === undefined;

export const runOf = ({ owner, tenant, agent, taskId, contextId, fence }: RunRef): RunRef => ({
  owner,
  tenant,
  agent,
  taskId,
  contextId,
  fence,
});

export const claimOf = (row: TaskRow): ClaimedRun => {
  const { state, lastSeq, bytes, turn, attempt, crashes, failures, cancelRequestedAt } = row;
  const claim = { run: runOf(row), state, lastSeq, bytes, turn, attempt, crashes, failures };
  return cancelRequestedAt === undefined ? claim : { ...claim, cancelRequested: true };
};

export const recordOf = ({ crashes: _crashes, failures: _failures, queued: _queued, ...record }: TaskRow): TaskRecord =>
  record;
