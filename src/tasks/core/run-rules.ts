import type { ClaimedRun, ReleaseResult, RequeueOptions, RequeueResult } from '../run-store.interface.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import { type Decide, type Decision, type TaskPatch, accept, refuse } from './decision.js';
import { type TaskRow, awaitsClient, claimOf, isIdle, isOpen, recordOf } from './task-row.js';
import { withMembers } from '../../common/with-members.js';

/** The counters of a turn that begins to run, and of one that is queued. */
const FIRST_ATTEMPT = { attempt: 1, crashes: 0, failures: 0 };
const NO_ATTEMPT = { ...FIRST_ATTEMPT, attempt: 0 };

/** By how much counters rise when a queued task starts, for storages that start many in one statement. */
export const START_INCREMENTS = { fence: 1, attempt: 1 } as const;

/** Every start counts an attempt; one after the process of the run was lost counts that too. */
const nextAttempt = ({ attempt }: TaskRow) => ({ attempt: attempt + START_INCREMENTS.attempt });
const crashedAttempt = (row: TaskRow) => ({ ...nextAttempt(row), crashes: row.crashes + 1 });

/** Gives the task to a replica as a new run: nothing of an earlier run is written any more. */
const claim = (row: TaskRow, replicaId: string, counters: TaskPatch = {}): Decision<ClaimedRun | undefined> =>
  accept(
    withMembers(counters, { runOwner: replicaId, fence: row.fence + START_INCREMENTS.fence, queue: null }),
    claimOf,
  );

const isHeld = (row: TaskRow | undefined, run: RunRef): row is TaskRow => row?.fence === run.fence;

/** A run that requeued its task, which nobody has taken since. */
const wasRequeued = (row: TaskRow | undefined, run: RunRef): boolean =>
  row?.fence === run.fence + 1 && row.runOwner === undefined && row.queued;

/** Nobody would act on it, though it has not ended. */
const isForgotten = (row: TaskRow): boolean => isIdle(row) && !awaitsClient(row);

/** The next turn of an idle task begins at this replica: see RunStore.claimTurn. */
export const claimTurn =
  (replicaId: string): Decide<ClaimedRun | undefined> =>
  (row, { hasMessage }) =>
    row && isIdle(row) && hasMessage
      ? claim(row, replicaId, { turn: row.turn + 1, ...FIRST_ATTEMPT })
      : refuse(undefined);

/** The next turn of an idle task is queued: see RunStore.enqueueTurn. */
export const enqueueTurn: Decide<boolean> = (row, { hasMessage }) =>
  row && isIdle(row) && hasMessage
    ? accept({ turn: row.turn + 1, ...NO_ATTEMPT, fence: row.fence + 1, queue: { inMs: 0 } }, () => true)
    : refuse(false);

/** See RunStore.nextTurn. */
export const nextTurn =
  (run: RunRef, from: number): Decide<boolean> =>
  (row) => {
    if (!isHeld(row, run) || !isOpen(row) || row.runOwner === undefined) return refuse(false);
    // Asked again, after an answer was lost.
    if (row.turn === from + 1) return refuse(true);
    return row.turn === from ? accept({ turn: from + 1, ...FIRST_ATTEMPT }, () => true) : refuse(false);
  };

/** See RunStore.release. */
export const release =
  (run: RunRef): Decide<ReleaseResult> =>
  (row, { hasMessage }) => {
    if (!isHeld(row, run)) return refuse('fenced');
    if (!isOpen(row) || row.runOwner === undefined) return refuse('released');
    if (row.cancelRequestedAt !== undefined) return refuse('canceled');
    return hasMessage ? refuse('inbox') : accept({ runOwner: null }, () => 'released');
  };

/** See RunStore.requeue. */
export const requeue =
  (run: RunRef, { delayMs, behind = false, failed = false }: RequeueOptions): Decide<RequeueResult> =>
  (row) => {
    if (wasRequeued(row, run)) return refuse('waiting');
    if (!isHeld(row, run)) return refuse('fenced');
    if (!isOpen(row)) return refuse('terminal');
    if (row.runOwner === undefined) return refuse('fenced');
    if (row.cancelRequestedAt !== undefined) return refuse('canceled');
    const queue = delayMs === 0 && !behind ? 'created' : { inMs: delayMs };
    const failures = row.failures + (failed ? 1 : 0);
    return accept({ runOwner: null, fence: row.fence + 1, failures, queue }, () => 'waiting');
  };

/** See RunStore.takeover. */
export const takeover =
  (replicaId: string): Decide<ClaimedRun | undefined> =>
  (row, { ownerAlive }) =>
    row && isOpen(row) && row.runOwner !== undefined && !ownerAlive
      ? claim(row, replicaId, crashedAttempt(row))
      : refuse(undefined);

/** See RunStore.forceClaim. */
export const forceClaim =
  (replicaId: string): Decide<ClaimedRun | undefined> =>
  (row) =>
    row && isOpen(row) ? claim(row, replicaId) : refuse(undefined);

/** See RunStore.reclaim. */
export const reclaim =
  (run: RunRef, from: string, to: string, started: boolean): Decide<ClaimedRun | undefined> =>
  (row) =>
    isHeld(row, run) && isOpen(row) && row.runOwner === from
      ? claim(row, to, started ? crashedAttempt(row) : {})
      : refuse(undefined);

/** See RunStore.adopt. */
export const adopt =
  (run: RunRef, replicaId: string): Decide<ClaimedRun | undefined> =>
  (row) =>
    isHeld(row, run) && isForgotten(row) ? claim(row, replicaId, crashedAttempt(row)) : refuse(undefined);

/** A queued task starts: see RunStore.claimQueued, which chooses it. */
export const startQueued =
  (replicaId: string): Decide<ClaimedRun | undefined> =>
  (row) =>
    row && isOpen(row) && row.runOwner === undefined && row.queued
      ? claim(row, replicaId, nextAttempt(row))
      : refuse(undefined);

/** See RunStore.requestCancel. */
export const requestCancel: Decide<TaskRecord | undefined> = (row) => {
  if (!row || !isOpen(row) || row.cancelRequestedAt !== undefined) return refuse(row && recordOf(row));
  return accept({ requestCancel: true }, recordOf);
};
