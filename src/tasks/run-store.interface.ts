import type { TaskState } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { RunRef, TaskHead } from './task-head.js';
import type { BegunTurn } from './turn-request.js';

export const RUN_STORE = Symbol('RunStore');

/** A run that was claimed: the right to write, and where its log stands. */
export interface ClaimedRun {
  readonly run: RunRef;
  readonly state: TaskState;
  readonly lastSeq: number;
  readonly bytes: number;
  readonly turn: number;
  readonly attempt: number;
  /** The client wished the task to end. */
  readonly cancelRequested?: boolean;
}

/**
 * `canceled`: a cancel was requested, so the run ends the task instead of leaving it; `inbox`: a message waits, so the run goes on
 * with it; `fenced`: no longer this run's task.
 */
export type ReleaseResult = 'released' | 'canceled' | 'inbox' | 'fenced';

/** Who runs which task. All times are the database's. */
export interface RunStore {
  /** Makes the replica known, with a lease of `leaseMs` from now. */
  registerReplica(replicaId: string, leaseMs: number): Promise<void>;
  /** Prolongs the lease. False: it had lapsed (the replica must take a new id and abort its runs). */
  renewReplica(replicaId: string, leaseMs: number): Promise<boolean>;
  removeReplica(replicaId: string): Promise<void>;
  /**
   * Takes the next turn of a task that nobody runs, is not terminal and has a message in its inbox: fence+1, turn+1,
   * attempt 1. undefined: somebody runs it, it has ended, nothing waits, or it is not there; also for a task that waits for
   * its first turn (SUBMITTED without an owner), which claimWaiting takes.
   */
  claimTurn(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined>;
  /** The running run goes on with the next message of the inbox: turn+1, attempt 1, same fence. False: fenced. */
  nextTurn(run: RunRef): Promise<boolean>;
  /**
   * Ends the run's ownership of a task that is not terminal, unless a cancel was requested or a message waits in the inbox.
   * `released` if terminal. A cancel that is requested later finds a task without an owner.
   */
  release(run: RunRef): Promise<ReleaseResult>;
  /** Takes a task whose owner's lease is over: fence+1, attempt+1; re-checks under lock. */
  takeover(taskId: string, replicaId: string): Promise<ClaimedRun | undefined>;
  /**
   * Takes the right to write away from whoever has it, to end the task by force (a cancel that its run did not obey):
   * fence+1, same turn and attempt. undefined: not there or terminal.
   */
  seize(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined>;
  /** Notes the wish; the first time counts. undefined: not there. Terminal tasks are returned unchanged. */
  requestCancel(context: CallContext, taskId: string): Promise<TaskHead | undefined>;
  /** Of the tasks that this replica runs, those whose cancel was requested. */
  cancelRequests(replicaId: string): Promise<string[]>;
  /** Tasks of these agents that are not terminal and whose owner's lease is over (or whose owner is gone), oldest first. */
  orphans(limit: number, agents: readonly string[]): Promise<TaskHead[]>;
  /** Tasks that this replica owns and that are not among `running`, oldest first. */
  strays(replicaId: string, running: readonly string[], limit: number): Promise<TaskHead[]>;
  /**
   * Takes a run from an owner that is known not to run it, the taker itself or an id that it had: fence+1, and attempt+1 if
   * it was started. undefined: the owner or the fence is another one, the task is terminal or not there.
   */
  retake(run: RunRef, from: string, to: string, started: boolean): Promise<ClaimedRun | undefined>;
  /** Tasks of these agents that nobody runs, that are not terminal, and for which a message waits, oldest first. */
  unanswered(limit: number, agents: readonly string[]): Promise<TaskHead[]>;
  /** What the newest turn that was begun was given; a turn that was claimed and not begun is not it. undefined: fenced. */
  begunTurn(run: RunRef): Promise<BegunTurn | undefined>;
  /**
   * Takes up to `limit` SUBMITTED tasks without an owner, oldest first, skipping rows that another replica is taking: fence+1,
   * same turn, attempt+1 (a task that waits for its first start has attempt 0).
   */
  claimWaiting(replicaId: string, limit: number): Promise<ClaimedRun[]>;
}
