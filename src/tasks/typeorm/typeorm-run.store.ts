import type { CallContext } from '../../security/call-context.js';
import { placeInMs } from '../hand-back.js';
import type {
  ClaimedRun,
  RequeueOptions,
  RequeueResult,
  ReleaseResult,
  Replica,
  RunStore,
  WaitingWanted,
} from '../run-store.interface.js';
import type { LeaseSource } from '../lease-connection.interface.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import { type BegunTurn, begunTurn } from '../turn-request.js';
import type { Database, Query } from './database.js';
import { plainArray } from './pg-array.js';
import type { ReplicaRegistry } from './replica-registry.js';
import {
  ADOPT,
  BEGUN_TURN,
  CANCEL_REQUESTS,
  CLAIM_TURN,
  CLOCK,
  ENQUEUE_TURN,
  EXPIRE_REPLICA,
  FORGOTTEN,
  HAND_BACK,
  LOCK,
  LOCK_RUN,
  NEXT_TURN,
  ORPHANS,
  RELEASE,
  REPLICAS,
  REQUEST_CANCEL,
  RETAKE,
  SEIZE,
  STRAYS,
  TAKEOVER,
  UNANSWERED,
} from './run.statements.js';
import { FIRST_ID } from '../row-ids.js';
import { type TaskRow, isTaskId, scoped, toClaim, toHead } from './task-row.js';
import { RunQueue } from './run-queue.js';

interface ReplicaRow {
  id: string;
  mark: string;
  lease_ms: number | null;
  age_ms: number;
}

interface BegunRow {
  turn: number;
  data: string;
  inbound: string | null;
  request: string | null;
}

interface HeldRow {
  ended: boolean;
  canceled: boolean;
  idle: boolean;
  given_back: boolean;
}

/** What is answered to a run that has let go of its task already, or whose task has ended. */
interface Answers<T> {
  readonly ended: T;
  readonly released: T;
  readonly givenBack: T;
}

const RELEASED: Answers<ReleaseResult> = { ended: 'released', released: 'released', givenBack: 'fenced' };
const HANDED_BACK: Answers<RequeueResult> = { ended: 'terminal', released: 'fenced', givenBack: 'waiting' };

/**
 * Who runs which task. What depends on other tables (inbox, replicas) locks the task's row first and looks in a second
 * statement, which sees all that was committed until then.
 */
export class TypeOrmRunStore implements RunStore {
  readonly #line: RunQueue;

  constructor(
    private readonly db: Database,
    private readonly registry: ReplicaRegistry,
    readonly leases?: LeaseSource,
  ) {
    this.#line = new RunQueue(db);
  }

  async clock(): Promise<number> {
    const [row] = await this.db.query<{ ms: number }>(CLOCK);
    return row?.ms ?? Date.now();
  }

  registerReplica(replicaId: string, leaseMs: number): Promise<void> {
    return this.registry.register(replicaId, leaseMs);
  }

  renewReplica(replicaId: string, leaseMs: number): Promise<boolean> {
    return this.registry.renew(replicaId, leaseMs);
  }

  removeReplica(replicaId: string): Promise<void> {
    return this.registry.remove(replicaId);
  }

  async replicas(): Promise<Replica[]> {
    const rows = await this.db.query<ReplicaRow>(REPLICAS);
    return rows.map(({ id, mark, lease_ms, age_ms }) => ({ id, mark, leaseMs: lease_ms ?? undefined, ageMs: age_ms }));
  }

  async expireReplica(replicaId: string, mark: string): Promise<boolean> {
    return (await this.db.query(EXPIRE_REPLICA, [replicaId, mark])).length > 0;
  }

  claimTurn(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.#lockAndClaim(taskId, CLAIM_TURN, [...scoped(context, taskId), replicaId]);
  }

  async enqueueTurn(context: CallContext, taskId: string): Promise<boolean> {
    if (!isTaskId(taskId)) return false;
    const rows = await this.db.transactionOn(taskId, async (query) => {
      await query(LOCK, [taskId]);
      return query(ENQUEUE_TURN, scoped(context, taskId));
    });
    return rows.length > 0;
  }

  async nextTurn(run: RunRef, from: number): Promise<boolean> {
    if (!isTaskId(run.taskId)) return false;
    const values = [...scoped(run, run.taskId), run.fence, from];
    return (await this.db.queryTask(run.taskId, NEXT_TURN, values)).length > 0;
  }

  release(run: RunRef): Promise<ReleaseResult> {
    return this.#giveUp<ReleaseResult>(run, RELEASED, async (query) => {
      if ((await query(RELEASE, [run.taskId])).length > 0) return 'released';
      return 'inbox';
    });
  }

  requeue(run: RunRef, options: RequeueOptions): Promise<RequeueResult> {
    return this.#giveUp<RequeueResult>(run, HANDED_BACK, async (query) => {
      await query(HAND_BACK, [run.taskId, placeInMs(options), options.failed ? 1 : 0]);
      return 'waiting';
    });
  }

  takeover(taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.#lockAndClaim(taskId, TAKEOVER, [taskId, replicaId]);
  }

  async forceClaim(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.queryTask<TaskRow>(taskId, SEIZE, [...scoped(context, taskId), replicaId]);
    return row && toClaim(row);
  }

  async requestCancel(context: CallContext, taskId: string): Promise<TaskRecord | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.queryTask<TaskRow>(taskId, REQUEST_CANCEL, scoped(context, taskId));
    return row && toHead(row);
  }

  async cancelRequests(replicaId: string): Promise<string[]> {
    const rows = await this.db.query<{ task_id: string }>(CANCEL_REQUESTS, [replicaId]);
    return rows.map((row) => row.task_id);
  }

  async orphanedRuns(limit: number, agents: readonly string[], after = FIRST_ID): Promise<TaskRecord[]> {
    return (await this.db.query<TaskRow>(ORPHANS, [limit, agents, after])).map(toHead);
  }

  async unstartedRuns(
    replicaId: string,
    running: readonly string[],
    limit: number,
    after = FIRST_ID,
  ): Promise<TaskRecord[]> {
    return (await this.db.query<TaskRow>(STRAYS, [replicaId, plainArray(running), limit, after])).map(toHead);
  }

  async reclaim(run: RunRef, from: string, to: string, started: boolean): Promise<ClaimedRun | undefined> {
    if (!isTaskId(run.taskId)) return undefined;
    const values = [...scoped(run, run.taskId), run.fence, from, to, started ? 1 : 0];
    const [row] = await this.db.queryTask<TaskRow>(run.taskId, RETAKE, values);
    return row && toClaim(row);
  }

  async tasksWithPendingMessages(limit: number, agents: readonly string[], after = FIRST_ID): Promise<TaskRecord[]> {
    return (await this.db.query<TaskRow>(UNANSWERED, [limit, agents, after])).map(toHead);
  }

  async forgotten(limit: number, agents: readonly string[], forMs: number, after = FIRST_ID): Promise<TaskRecord[]> {
    return (await this.db.query<TaskRow>(FORGOTTEN, [limit, agents, forMs, after])).map(toHead);
  }

  async adopt(run: RunRef, replicaId: string): Promise<ClaimedRun | undefined> {
    if (!isTaskId(run.taskId)) return undefined;
    const [row] = await this.db.query<TaskRow>(ADOPT, [...scoped(run, run.taskId), run.fence, replicaId]);
    return row && toClaim(row);
  }

  async begunTurn(run: RunRef): Promise<BegunTurn | undefined> {
    if (!isTaskId(run.taskId)) return undefined;
    const [row] = await this.db.query<BegunRow>(BEGUN_TURN, [...scoped(run, run.taskId), run.fence]);
    if (!row) return undefined;
    const { turn, data, inbound, request } = row;
    return begunTurn({ data, inbound: inbound ?? undefined, request: request ?? undefined }, turn);
  }

  claimWaiting(replicaId: string, wanted: WaitingWanted): Promise<ClaimedRun[]> {
    return this.#line.claim(replicaId, wanted);
  }

  countWaiting(limit: number, owner?: string): Promise<number> {
    return this.#line.count(limit, owner);
  }

  /** Locks the run's row and does `work`, unless the run is fenced, has ended, is given up already or is to be canceled. */
  #giveUp<T>(run: RunRef, answers: Answers<T>, work: (query: Query) => Promise<T>): Promise<T | 'fenced' | 'canceled'> {
    if (!isTaskId(run.taskId)) return Promise.resolve('fenced');
    return this.db.transactionOn<T | 'fenced' | 'canceled'>(run.taskId, async (query) => {
      const [held] = await query<HeldRow>(LOCK_RUN, [...scoped(run, run.taskId), run.fence]);
      if (!held) return 'fenced';
      if (held.given_back) return answers.givenBack;
      if (held.ended) return answers.ended;
      if (held.idle) return answers.released;
      return held.canceled ? 'canceled' : work(query);
    });
  }

  async #lockAndClaim(taskId: string, sql: string, values: unknown[]): Promise<ClaimedRun | undefined> {
    if (!isTaskId(taskId)) return undefined;
    const [row] = await this.db.transactionOn(taskId, async (query) => {
      await query(LOCK, [taskId]);
      return query<TaskRow>(sql, values);
    });
    return row && toClaim(row);
  }
}
