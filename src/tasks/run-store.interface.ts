import type { TaskState } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { LeaseSource } from './lease-connection.interface.js';
import type { RunRef, TaskRecord } from './task-record.js';
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
  /** How often the process that ran the present turn was lost. */
  readonly losses: number;
  /** How often the present turn was handed back because it had failed. */
  readonly failures: number;
  /** The client wished the task to end. */
  readonly cancelRequested?: boolean;
}

/**
 * `canceled`: a cancel was requested, so the run ends the task instead of leaving it; `inbox`: a message waits, so the run goes on
 * with it; `fenced`: no longer this run's task.
 */
export type ReleaseResult = 'released' | 'canceled' | 'inbox' | 'fenced';

/**
 * `waiting`: it stands in the line; `canceled`: a cancel was requested, so the run ends the task instead; `terminal`: it has ended;
 * `fenced`: no longer this run's task.
 */
export type RequeueResult = 'waiting' | 'canceled' | 'terminal' | 'fenced';

export interface RequeueOptions {
  /**
   * It is not started again before, in ms from now, and stands in the line as of then. 0: it stands where it would stand had it
   * waited since it was made, unless it goes `behind`.
   */
  readonly delayMs: number;
  /** Behind what waits already: this run has had its turn. Default false. */
  readonly behind?: boolean;
  /** The turn counts one failure more. Default false. */
  readonly failed?: boolean;
}

/** A process that owns runs, or may own some. It counts as alive for as long as the storage knows it. */
export interface Replica {
  readonly id: string;
  /** After this time without a renewal others may take its runs, in ms. Absent: it was not said. */
  readonly leaseMs?: number;
  /** Changes with each renewal. */
  readonly mark: string;
  /** Time since the last renewal by the storage's clock, in ms: right unless somebody has set that clock meanwhile. */
  readonly ageMs: number;
}

/** What runs here of an owner in a tenant; 0 for one that was only served lately. */
export interface OwnerRuns {
  readonly tenant: string;
  readonly owner: string;
  readonly runs: number;
}

/** Which tasks of the line a replica has room for. */
export interface WaitingWanted {
  readonly limit: number;
  /** The agents that may be taken, each with how many tasks of it at most. */
  readonly agents: ReadonlyMap<string, number>;
  /**
   * What runs here already, each owner of a tenant once, in the order in which a task of them was started here last; those that
   * are not named run nothing, and were served before all others. Default none.
   */
  readonly running?: readonly OwnerRuns[];
  /** With what runs here already, no tenant (or owner, in all tenants together) gets more. Default: no limit. */
  readonly maxPerTenant?: number;
  readonly maxPerOwner?: number;
}

/**
 * Who runs which task. Any answer may be lost, so every change says what it leads to, and what was not answered can be asked again
 * or looked up: a change that is asked for twice happens once. What is claimed counts by its fence: a claim without an answer left the
 * task to its replica, under another fence than that replica knows of, and is found among its strays.
 *
 * Where tasks are asked for with the oldest first, their order is that of their ids, which is that of their making but for tasks of the
 * same millisecond.
 *
 * A task waits for a start when nobody runs it, it is not terminal and it has a time before which it is not
 * started (`not_before`): it was made without a run owner, handed back, or sent a message for which
 * there was no room. Every claim clears that time. All times are the database's.
 *
 * A replica is alive until it is removed or expired. When its lease is over the others decide, by how long they have seen it
 * without a renewal: no clock that somebody may set ends a lease.
 */
export interface RunStore {
  /** Nobody else can own runs here: a lease does not end by the passing of time. Default false. */
  readonly exclusive?: boolean;
  /** How a thread of its own can renew leases here; absent: it cannot, and the main thread does. */
  readonly leases?: LeaseSource;
  /** What the storage's clock says, in ms of the epoch; absent: that of this process. */
  clock?(): Promise<number>;
  /** Makes the replica known, with a lease of `leaseMs`. */
  registerReplica(replicaId: string, leaseMs: number): Promise<void>;
  /** Renews the lease. False: the replica was expired or removed, for good (it must take a new id and abort its runs). */
  renewReplica(replicaId: string, leaseMs: number): Promise<boolean>;
  removeReplica(replicaId: string): Promise<void>;
  /** Those that are alive. */
  replicas(): Promise<Replica[]>;
  /** Ends the lease of a replica that was not renewed since `mark` was read: others may take its runs. False: nothing was changed. */
  expireReplica(replicaId: string, mark: string): Promise<boolean>;
  /**
   * Takes the next turn of a task that nobody runs, is not terminal and has a message in its inbox: fence+1, turn+1,
   * attempt 1, no losses and failures. undefined: somebody runs it, it has ended, no message waits, or it is not there; also for a task that waits
   * for a start, which claimWaiting takes.
   */
  claimTurn(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined>;
  /**
   * Puts the next turn of a task into the line, as of now, under the conditions of claimTurn: fence+1, turn+1, attempt 0, no losses
   * and failures. False: one of them is not met, also because it stands there already.
   */
  enqueueTurn(context: CallContext, taskId: string): Promise<boolean>;
  /**
   * The running run, which is in turn `from`, goes on with the next message of the inbox: turn from+1, attempt 1, no losses and
   * failures, same fence. Asked again it answers the same. False: fenced, or the run was given up.
   */
  nextTurn(run: RunRef, from: number): Promise<boolean>;
  /**
   * Ends the run's ownership of a task that is not terminal, unless a cancel was requested or a message waits in the inbox.
   * `released` if terminal, and also when it is asked again. A cancel that is requested later finds a task without an owner.
   */
  release(run: RunRef): Promise<ReleaseResult>;
  /**
   * Gives the run's task back to the line: fence+1, so that nothing of this run is written any more; same turn and attempt. A
   * refusal changes nothing. `waiting` also when it is asked again and nobody has taken the task meanwhile.
   */
  requeue(run: RunRef, options: RequeueOptions): Promise<RequeueResult>;
  /** Takes a task whose owner is not alive: fence+1, attempt+1, losses+1; re-checks under lock. */
  takeover(taskId: string, replicaId: string): Promise<ClaimedRun | undefined>;
  /**
   * Takes the right to write away from whoever has it, to end the task by force (a cancel that its run did not obey):
   * fence+1, same turn and attempt. undefined: not there or terminal.
   */
  forceClaim(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined>;
  /** Notes the wish; the first time counts. undefined: not there. Terminal tasks are returned unchanged. */
  requestCancel(context: CallContext, taskId: string): Promise<TaskRecord | undefined>;
  /** Of the tasks that this replica runs, those whose cancel was requested. */
  cancelRequests(replicaId: string): Promise<string[]>;
  /** Tasks of these agents that are not terminal and whose owner is not alive, oldest first, behind the task `after`. */
  orphanedRuns(limit: number, agents: readonly string[], after?: string): Promise<TaskRecord[]>;
  /** Tasks that this replica owns and that are not among `running`, oldest first, behind `after`. */
  unstartedRuns(replicaId: string, running: readonly string[], limit: number, after?: string): Promise<TaskRecord[]>;
  /**
   * Takes a run from an owner that is known not to run it, the taker itself or an id that it had: fence+1, and attempt+1,
   * losses+1 if it was started. undefined: the owner or the fence is another one, the task is terminal or not there.
   */
  reclaim(run: RunRef, from: string, to: string, started: boolean): Promise<ClaimedRun | undefined>;
  /** Tasks of these agents that nobody runs, not terminal, not waiting for a start, for which a message waits, oldest first, behind `after`. */
  tasksWithPendingMessages(limit: number, agents: readonly string[], after?: string): Promise<TaskRecord[]>;
  /**
   * Tasks of these agents on which nobody would act, and that have been so for `forMs`: they have not ended, nobody runs them, they
   * wait for no start, no message waits for them, and they do not wait for their client either, or are to be canceled. There are
   * none unless something went wrong. Oldest first.
   */
  forgotten(limit: number, agents: readonly string[], forMs: number, after?: string): Promise<TaskRecord[]>;
  /** Takes such a task, as it stands: fence+1, attempt+1, losses+1. undefined: it is none, or the fence is another one. */
  adopt(run: RunRef, replicaId: string): Promise<ClaimedRun | undefined>;
  /** What the newest turn that was begun was given; a turn that was claimed and not begun is not it. undefined: fenced. */
  begunTurn(run: RunRef): Promise<BegunTurn | undefined>;
  /**
   * Takes tasks that wait for a start and whose time has come: fence+1, same turn, attempt+1 (a turn that waits for its first
   * start has attempt 0). In turns between owners: the next is of the owner who has least, what runs here and what was
   * taken before counted; of two with the same, of the one who was served longer ago (`running` says so), then the older one. The
   * tenants of an owner take turns in the same way; in order of time for each of them. Rows that another
   * replica is taking are skipped, so fewer may come than wait. What it costs grows with how many (tenant, owner, agent) wait,
   * not with how many tasks each of them has waiting.
   */
  claimWaiting(replicaId: string, wanted: WaitingWanted): Promise<ClaimedRun[]>;
  /** How many tasks wait for a start, of all or of one owner in all tenants; counts no further than `limit`. */
  countWaiting(limit: number, owner?: string): Promise<number>;
}
