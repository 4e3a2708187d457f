import type { TaskScope } from '../../security/call-context.js';
import type { LeaseSource } from '../lease-connection.interface.js';
import type { ClaimedRun, Replica, QueueDemand } from '../run-store.interface.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import type { StartedTurn } from '../turn-request.js';
import type { Decide } from './decision.js';
import type { TaskFilter } from './task-filter.js';
import type { FactName } from './task-row.js';

/** `scope` is absent where no client asks. */
export interface TaskRef {
  readonly taskId: string;
  readonly scope?: TaskScope;
}

/** The replicas that are alive: see RunStore, where each of these stands under a longer name. */
export interface ReplicaRegistry {
  clock?(): Promise<number>;
  register(id: string, leaseMs: number): Promise<void>;
  renew(id: string, leaseMs: number): Promise<boolean>;
  remove(id: string): Promise<void>;
  all(): Promise<Replica[]>;
  expire(id: string, mark: string): Promise<boolean>;
}

/** The queued tasks: see RunStore.claimQueued and countWaiting. */
export interface RunQueue {
  claim(replicaId: string, wanted: QueueDemand): Promise<ClaimedRun[]>;
  count(limit: number, owner?: string): Promise<number>;
}

/** Rows of tasks, as a storage keeps them. It applies what is decided and decides nothing. */
export interface TaskRows {
  readonly replicas: ReplicaRegistry;
  readonly queue: RunQueue;
  /** See RunStore. */
  readonly exclusive?: boolean;
  readonly leases?: LeaseSource;
  /**
   * Locks the row, reads the named facts, and applies what is decided, atomically. `decide` may be called more than once: after a
   * deadlock, or when a storage without locks finds that the row has changed. Facts that are not named are not read, and false.
   */
  change<T>(task: TaskRef, facts: readonly FactName[], decide: Decide<T>): Promise<T>;
  find(filter: TaskFilter): Promise<TaskRecord[]>;
  /** See RunStore. */
  startedTurn(run: RunRef): Promise<StartedTurn | undefined>;
}
