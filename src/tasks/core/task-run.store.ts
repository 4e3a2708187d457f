import type { CallContext, TaskScope } from '../../security/call-context.js';
import type { LeaseSource } from '../lease-connection.interface.js';
import type {
  ClaimedRun,
  ReleaseResult,
  Replica,
  RequeueOptions,
  RequeueResult,
  RunStore,
  QueueDemand,
} from '../run-store.interface.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import type { StartedTurn } from '../turn-request.js';
import * as rules from './run-rules.js';
import { TASK_FILTERS } from './task-filter.js';
import type { TaskRef, TaskRows } from './task-rows.interface.js';

/** Who runs which task, by the rules, on the rows of any storage. */
export class TaskRunStore implements RunStore {
  readonly clock?: () => Promise<number>;

  constructor(private readonly rows: TaskRows) {
    const { replicas } = rows;
    if (replicas.clock) this.clock = () => replicas.clock!();
  }

  get exclusive(): boolean {
    return this.rows.exclusive ?? false;
  }

  get leases(): LeaseSource | undefined {
    return this.rows.leases;
  }

  registerReplica(replicaId: string, leaseMs: number): Promise<void> {
    return this.rows.replicas.register(replicaId, leaseMs);
  }

  renewReplica(replicaId: string, leaseMs: number): Promise<boolean> {
    return this.rows.replicas.renew(replicaId, leaseMs);
  }

  removeReplica(replicaId: string): Promise<void> {
    return this.rows.replicas.remove(replicaId);
  }

  replicas(): Promise<Replica[]> {
    return this.rows.replicas.all();
  }

  expireReplica(replicaId: string, mark: string): Promise<boolean> {
    return this.rows.replicas.expire(replicaId, mark);
  }

  claimTurn(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.rows.change(scoped(context, taskId), ['hasMessage'], rules.claimTurn(replicaId));
  }

  enqueueTurn(context: CallContext, taskId: string): Promise<boolean> {
    return this.rows.change(scoped(context, taskId), ['hasMessage'], rules.enqueueTurn);
  }

  nextTurn(run: RunRef, from: number): Promise<boolean> {
    return this.rows.change(scoped(run, run.taskId), [], rules.nextTurn(run, from));
  }

  release(run: RunRef): Promise<ReleaseResult> {
    return this.rows.change(scoped(run, run.taskId), ['hasMessage'], rules.release(run));
  }

  requeue(run: RunRef, options: RequeueOptions): Promise<RequeueResult> {
    return this.rows.change(scoped(run, run.taskId), [], rules.requeue(run, options));
  }

  takeover(taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.rows.change({ taskId }, ['ownerAlive'], rules.takeover(replicaId));
  }

  forceClaim(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.rows.change(scoped(context, taskId), [], rules.forceClaim(replicaId));
  }

  requestCancel(context: CallContext, taskId: string): Promise<TaskRecord | undefined> {
    return this.rows.change(scoped(context, taskId), [], rules.requestCancel);
  }

  reclaim(run: RunRef, from: string, to: string, started: boolean): Promise<ClaimedRun | undefined> {
    return this.rows.change(scoped(run, run.taskId), [], rules.reclaim(run, from, to, started));
  }

  adopt(run: RunRef, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.rows.change(scoped(run, run.taskId), [], rules.adopt(run, replicaId));
  }

  async cancelRequests(replicaId: string): Promise<string[]> {
    const found = await this.rows.find({ runBy: { replica: replicaId }, cancelRequested: true });
    return found.map(({ taskId }) => taskId);
  }

  orphanedRuns(limit: number, agents: readonly string[], after?: string): Promise<TaskRecord[]> {
    return this.rows.find({ ...TASK_FILTERS.orphaned, agents, limit, after });
  }

  unstartedRuns(replica: string, running: readonly string[], limit: number, after?: string): Promise<TaskRecord[]> {
    return this.rows.find({ runBy: { replica }, without: running, limit, after });
  }

  tasksWithPendingMessages(limit: number, agents: readonly string[], after?: string): Promise<TaskRecord[]> {
    return this.rows.find({ ...TASK_FILTERS.withMessage, agents, limit, after });
  }

  forgotten(limit: number, agents: readonly string[], forMs: number, after?: string): Promise<TaskRecord[]> {
    return this.rows.find({ ...TASK_FILTERS.forgotten, unchangedForMs: forMs, agents, limit, after });
  }

  startedTurn(run: RunRef): Promise<StartedTurn | undefined> {
    return this.rows.startedTurn(run);
  }

  claimQueued(replicaId: string, wanted: QueueDemand): Promise<ClaimedRun[]> {
    return this.rows.queue.claim(replicaId, wanted);
  }

  countWaiting(limit: number, owner?: string): Promise<number> {
    return this.rows.queue.count(limit, owner);
  }
}

const scoped = (scope: TaskScope, taskId: string): TaskRef => ({ taskId, scope });
