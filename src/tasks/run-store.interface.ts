import type { TaskState } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import type { LeaseSource } from './lease-connection.interface.js';
import type { RunRef, TaskRecord } from './task-record.js';
import type { StartedTurn } from './turn-request.js';

/** Injects the `RunStore`. */
export const RUN_STORE = Symbol('RunStore');

/** A claimed run: the right to write, and how far its log reaches. */
export interface ClaimedRun {
  readonly run: RunRef;
  readonly state: TaskState;
  readonly lastSeq: number;
  readonly bytes: number;
  readonly turn: number;
  readonly attempt: number;
  /** How often a process died while it ran the present turn. */
  readonly crashes: number;
  /** How often the present turn was requeued after a failure. */
  readonly failures: number;
  /** The client requested a cancel. */
  readonly cancelRequested?: boolean;
}

/**
 * `canceled`: a cancel was requested, so the run must end the task instead of leaving it. `inbox`: a message waits, so the run
 * continues with it. `fenced`: the run no longer owns the task.
 */
export type ReleaseResult = 'released' | 'canceled' | 'inbox' | 'fenced';

/**
 * `waiting`: it is queued. `canceled`: a cancel was requested, so the run must end the task instead. `terminal`: it has ended.
 * `fenced`: the run no longer owns the task.
 */
export type RequeueResult = 'waiting' | 'canceled' | 'terminal' | 'fenced';

/** Of `RunStore.requeue`. */
export interface RequeueOptions {
  /**
   * The task starts no earlier than this, in ms from now, and is queued as of then. 0: it is queued as of its creation, unless
   * `behind` is set.
   */
  readonly delayMs: number;
  /** Queue it behind all queued tasks, because this run has had its turn. Default false. */
  readonly behind?: boolean;
  /** Count one more failure for the turn. Default false. */
  readonly failed?: boolean;
}

/** A process that owns runs, or may own some. It counts as alive as long as the storage knows it. */
export interface Replica {
  readonly id: string;
  /** After this time without a renewal others may take its runs, in ms. Absent: unknown. */
  readonly leaseMs?: number;
  /** Changes with each renewal. */
  readonly mark: string;
  /** Time since the last renewal by the storage's clock, in ms. Correct unless somebody set that clock meanwhile. */
  readonly ageMs: number;
}

/** How many tasks of an owner in a tenant run here; 0 for an owner that was only served recently. */
export interface OwnerRuns {
  readonly tenant: string;
  readonly owner: string;
  readonly runs: number;
}

/** Which queued tasks a replica has capacity for. */
export interface QueueDemand {
  readonly limit: number;
  /** The agents whose tasks may be claimed, each with the most tasks to claim. */
  readonly agents: ReadonlyMap<string, number>;
  /**
   * What runs here already: each owner of a tenant once, ordered by when a task of theirs last started here. Owners that are not
   * listed run nothing and were served before all others. Default none.
   */
  readonly running?: readonly OwnerRuns[];
  /** The limit per tenant, and per owner over all tenants; what runs here already counts. Default: no limit. */
  readonly maxPerTenant?: (tenant: string) => number;
  readonly maxPerOwner?: (owner: string) => number;
}

/**
 * Which replica runs which task. The answer of any call may be lost. So every change is idempotent: you can repeat it or read its
 * outcome, and a repeated change happens once. A claim counts by its fence: a claim whose answer was lost leaves the task to its
 * replica under a fence that the replica does not know; `unstartedRuns` finds it.
 *
 * "Oldest first" means the order of the task ids, which is the order of creation except within the same millisecond.
 *
 * A task is queued when nobody runs it, it is not terminal, and it has a time before which it must not start (`not_before`): it
 * was created without a run owner, requeued, or sent a message for which there was no capacity. Every claim clears that time. All
 * times are the database's.
 *
 * A replica is alive until it is removed or expired. The other replicas decide on lease expiry by how long they have seen no
 * renewal: setting a clock never ends a lease.
 */
export interface RunStore {
  /** No other process can own runs here, so leases never expire. Default false. */
  readonly exclusive?: boolean;
  /** How a separate thread can renew leases here. Absent: the main thread renews them. */
  readonly leases?: LeaseSource;
  /** The time of the storage's clock, in ms since the epoch. Absent: the storage uses the clock of this process. */
  clock?(): Promise<number>;
  /** Registers the replica with a lease of `leaseMs`. */
  registerReplica(replicaId: string, leaseMs: number): Promise<void>;
  /** Renews the lease. False: the replica was expired or removed, permanently (it must take a new id and abort its runs). */
  renewReplica(replicaId: string, leaseMs: number): Promise<boolean>;
  removeReplica(replicaId: string): Promise<void>;
  /** The replicas that are alive. */
  replicas(): Promise<Replica[]>;
  /** Ends the lease of a replica that was not renewed since `mark` was read: others may take its runs. False: nothing changed. */
  expireReplica(replicaId: string, mark: string): Promise<boolean>;
  /**
   * Claims the next turn of a task that nobody runs, is not terminal and has a message in its inbox: fence+1, turn+1, attempt 1,
   * no crashes and failures. undefined: the task is running, has ended, has no message or does not exist. Also undefined for a
   * queued task, which only `claimQueued` claims.
   */
  claimTurn(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined>;
  /**
   * Queues the next turn of a task as of now, under the conditions of claimTurn: fence+1, turn+1, attempt 0, no crashes and
   * failures. False: a condition does not hold; also when the task is already queued.
   */
  enqueueTurn(context: CallContext, taskId: string): Promise<boolean>;
  /**
   * The running run, which is in turn `from`, continues with the next message of the inbox: turn from+1, attempt 1, no crashes and
   * failures, same fence. Idempotent. False: the run is fenced or was given up.
   */
  nextTurn(run: RunRef, from: number): Promise<boolean>;
  /**
   * Ends the run's ownership of a task that is not terminal, unless a cancel was requested or a message waits in the inbox.
   * Returns `released` if the task is terminal, and also on a repeated call. A cancel that is requested later finds a task without
   * an owner.
   */
  release(run: RunRef): Promise<ReleaseResult>;
  /**
   * Requeues the run's task: fence+1, so that this run can write nothing more; same turn and attempt. Any result but `waiting`
   * changes nothing. A repeated call also returns `waiting`, as long as nobody has claimed the task meanwhile.
   */
  requeue(run: RunRef, options: RequeueOptions): Promise<RequeueResult>;
  /** Takes over a task whose owner is not alive: fence+1, attempt+1, crashes+1. Checks again under the lock. */
  takeover(taskId: string, replicaId: string): Promise<ClaimedRun | undefined>;
  /**
   * Revokes the right to write of the present owner, to end the task by force (a cancel that its run did not obey): fence+1, same
   * turn and attempt. undefined: it does not exist or is terminal.
   */
  forceClaim(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined>;
  /** Records a cancel request; only the first one counts. undefined: no such task. Terminal tasks are returned unchanged. */
  requestCancel(context: CallContext, taskId: string): Promise<TaskRecord | undefined>;
  /** The tasks that this replica runs and whose cancel was requested. */
  cancelRequests(replicaId: string): Promise<string[]>;
  /** Orphaned runs: tasks of these agents that are not terminal and whose owner is not alive, oldest first, after the task `after`. */
  orphanedRuns(limit: number, agents: readonly string[], after?: string): Promise<TaskRecord[]>;
  /** Tasks that this replica owns and that are not among `running`, oldest first, after `after`. */
  unstartedRuns(replicaId: string, running: readonly string[], limit: number, after?: string): Promise<TaskRecord[]>;
  /**
   * Takes a run from an owner that is known not to run it (the caller itself, or an earlier id of it): fence+1, and attempt+1,
   * crashes+1 if it had started. undefined: another owner or fence, or the task is terminal or does not exist.
   */
  reclaim(run: RunRef, from: string, to: string, started: boolean): Promise<ClaimedRun | undefined>;
  /**
   * Tasks of these agents that nobody runs, that are not terminal and not queued, and for which a message waits; oldest first,
   * after `after`.
   */
  tasksWithPendingMessages(limit: number, agents: readonly string[], after?: string): Promise<TaskRecord[]>;
  /**
   * Tasks of these agents on which nobody would act, for at least `forMs`: they have not ended, nobody runs them, they are not
   * queued, no message waits for them, and they either do not wait for their client or have a cancel request. There are none
   * unless something went wrong. Oldest first.
   */
  forgotten(limit: number, agents: readonly string[], forMs: number, after?: string): Promise<TaskRecord[]>;
  /** Takes such a task as it is: fence+1, attempt+1, crashes+1. undefined: it is not such a task, or it has another fence. */
  adopt(run: RunRef, replicaId: string): Promise<ClaimedRun | undefined>;
  /** The input of the newest turn that began. A turn that was claimed but did not begin does not count. undefined: fenced. */
  startedTurn(run: RunRef): Promise<StartedTurn | undefined>;
  /**
   * Claims queued tasks that are due: fence+1, same turn, attempt+1 (a turn that never started has attempt 0). Owners take turns:
   * the next task is of the owner with the fewest tasks, counting what runs here and what this call claimed before; on a tie, of
   * the owner who was served longest ago (see `running`); then the older task. The tenants of an owner take turns in the same way;
   * the tasks of each come in order of time. Rows that another replica is claiming are skipped, so you may get fewer tasks than
   * are queued. The cost grows with the number of (tenant, owner, agent) that have queued tasks, not with the number of tasks.
   */
  claimQueued(replicaId: string, wanted: QueueDemand): Promise<ClaimedRun[]>;
  /** How many tasks are queued, in total or of one owner over all tenants. Counts no further than `limit`. */
  countWaiting(limit: number, owner?: string): Promise<number>;
}
