import { isInterrupted, isTerminal } from '../../protocol/state/task-state.js';
import type { CallContext, TaskScope } from '../../security/call-context.js';
import { FIRST_ID, isTaskId } from '../row-ids.js';
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
import { RESTING_SQL, TERMINAL_SQL, fromStored } from '../task-states.js';
import { type BegunTurn, begunTurn } from '../turn-request.js';
import { claimRow } from './claim-row.js';
import type { SqlDatabase } from './sql-database.js';
import { SqlReplicaRegistry } from './sql-replica-registry.js';
import type { SqlSession, SqlValue } from './sql-session.js';
import { SqlRunQueue } from './sql-run-queue.js';
import { marks } from './statement-parts.js';
import { IN_SCOPE, TASK_COLUMNS, type TaskRow, scoped, toHead } from './task-row.js';

interface BegunRow {
  turn: number;
  data: string;
  inbound: string | null;
  request: string | null;
}

type LockedRow = TaskRow & { waits: string | null };

/** By way of the index of states: few of these are in one. */
const FORGOTTEN = `t.run_owner is null and t.waits is null and (t.state not in ${RESTING_SQL} or t.cancel_requested_at is not null)`;

const FIRST_ATTEMPT = { attempt: 1, losses: 0, failures: 0 };
const oneLostMore = ({ attempt, losses }: TaskRow) => ({ attempt: attempt + 1, losses: losses + 1 });
const ended = ({ state }: TaskRow): boolean => isTerminal(fromStored(state));

/** Who runs which task. Every change locks the task's row first and then looks at what else counts. */
export class SqlRunStore implements RunStore {
  readonly #replicas: SqlReplicaRegistry;
  readonly #line: SqlRunQueue;

  constructor(
    private readonly db: SqlDatabase,
    readonly leases?: LeaseSource,
  ) {
    this.#replicas = new SqlReplicaRegistry(db);
    this.#line = new SqlRunQueue(db);
  }

  /** A file of SQLite is for one process. */
  get exclusive(): boolean {
    return this.db.dialect.single;
  }

  clock(): Promise<number> {
    return this.#replicas.clock();
  }

  registerReplica(replicaId: string, leaseMs: number): Promise<void> {
    return this.#replicas.register(replicaId, leaseMs);
  }

  renewReplica(replicaId: string, leaseMs: number): Promise<boolean> {
    return this.#replicas.renew(replicaId, leaseMs);
  }

  removeReplica(replicaId: string): Promise<void> {
    return this.#replicas.remove(replicaId);
  }

  replicas(): Promise<Replica[]> {
    return this.#replicas.all();
  }

  expireReplica(replicaId: string, mark: string): Promise<boolean> {
    return this.#replicas.expire(replicaId, mark);
  }

  claimTurn(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.#locked(context, taskId, async (session, row) => {
      if (!row || !(await awaitsTurn(session, row))) return undefined;
      return claimRow(session, row, replicaId, { turn: row.turn + 1, ...FIRST_ATTEMPT });
    });
  }

  enqueueTurn(context: CallContext, taskId: string): Promise<boolean> {
    return this.#locked(context, taskId, async (session, row) => {
      if (!row || !(await awaitsTurn(session, row))) return false;
      await session.run(
        `update a2a_task set fence = fence + 1, turn = turn + 1, attempt = 0, losses = 0, failures = 0,
           not_before = ${session.dialect.now}, waits = scope
         where task_id = ?`,
        [taskId],
      );
      return true;
    });
  }

  nextTurn(run: RunRef, from: number): Promise<boolean> {
    return this.#held(run, async (session, row) => {
      if (!row || ended(row) || row.run_owner === null) return false;
      if (row.turn !== from) return row.turn === from + 1;
      const next = `update a2a_task set turn = ?, attempt = 1, losses = 0, failures = 0 where task_id = ?`;
      return (await session.run(next, [from + 1, run.taskId])) > 0;
    });
  }

  release(run: RunRef): Promise<ReleaseResult> {
    return this.#held<ReleaseResult>(run, async (session, row) => {
      if (!row) return 'fenced';
      if (ended(row) || row.run_owner === null) return 'released';
      if (row.cancel_requested_at !== null) return 'canceled';
      if (await hasMessage(session, run.taskId)) return 'inbox';
      await session.run(`update a2a_task set run_owner = null where task_id = ?`, [run.taskId]);
      return 'released';
    });
  }

  requeue(run: RunRef, options: RequeueOptions): Promise<RequeueResult> {
    return this.#locked<RequeueResult>(run, run.taskId, async (session, row) => {
      if (row?.fence === run.fence + 1 && row.run_owner === null && row.waits !== null) return 'waiting';
      if (row?.fence !== run.fence) return 'fenced';
      if (ended(row)) return 'terminal';
      if (row.run_owner === null) return 'fenced';
      if (row.cancel_requested_at !== null) return 'canceled';
      const inMs = placeInMs(options);
      const notBefore = inMs === undefined ? 'created_at' : `${session.dialect.now} + ${Math.round(inMs)}`;
      await session.run(
        `update a2a_task set run_owner = null, fence = fence + 1, failures = failures + ?, not_before = ${notBefore}, waits = scope
         where task_id = ?`,
        [options.failed ? 1 : 0, run.taskId],
      );
      return 'waiting';
    });
  }

  async takeover(taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    if (!isTaskId(taskId)) return undefined;
    return this.db.write(async (session) => {
      const row = await lock(session, 't.task_id = ?', [taskId]);
      if (!row || ended(row) || row.run_owner === null) return undefined;
      const alive = await session.query(`select id from a2a_replica where id = ?`, [row.run_owner]);
      if (alive.length > 0) return undefined;
      return claimRow(session, row, replicaId, oneLostMore(row));
    });
  }

  forceClaim(context: CallContext, taskId: string, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.#locked(context, taskId, async (session, row) =>
      row && !ended(row) ? claimRow(session, row, replicaId) : undefined,
    );
  }

  requestCancel(context: CallContext, taskId: string): Promise<TaskRecord | undefined> {
    return this.#locked(context, taskId, async (session, row) => {
      if (!row || ended(row) || row.cancel_requested_at !== null) return row && toHead(row);
      await session.run(`update a2a_task set cancel_requested_at = ${session.dialect.now} where task_id = ?`, [taskId]);
      const again = await session.query<TaskRow>(`select ${TASK_COLUMNS} from a2a_task t where t.task_id = ?`, [
        taskId,
      ]);
      return again[0] && toHead(again[0]);
    });
  }

  async cancelRequests(replicaId: string): Promise<string[]> {
    const rows = await this.db.query<{ task_id: string }>(
      `select task_id from a2a_task
       where run_owner = ? and cancel_requested_at is not null and state not in ${TERMINAL_SQL}`,
      [replicaId],
    );
    return rows.map((row) => row.task_id);
  }

  orphanedRuns(limit: number, agents: readonly string[], after?: string): Promise<TaskRecord[]> {
    const alive = `select 1 from a2a_replica r where r.id = t.run_owner`;
    return this.#oldest(limit, agents, `t.run_owner is not null and not exists (${alive})`, after);
  }

  async unstartedRuns(
    replicaId: string,
    running: readonly string[],
    limit: number,
    after = FIRST_ID,
  ): Promise<TaskRecord[]> {
    const rows = await this.db.query<TaskRow>(
      `select ${TASK_COLUMNS} from a2a_task t
       where t.run_owner = ? and t.task_id > ? and t.state not in ${TERMINAL_SQL}
         ${running.length > 0 ? `and t.task_id not in (${marks(running.length)})` : ''}
       order by t.task_id limit ?`,
      [replicaId, after, ...running, limit],
    );
    return rows.map(toHead);
  }

  reclaim(run: RunRef, from: string, to: string, started: boolean): Promise<ClaimedRun | undefined> {
    return this.#held(run, async (session, row) => {
      if (!row || ended(row) || row.run_owner !== from) return undefined;
      return claimRow(session, row, to, started ? oneLostMore(row) : {});
    });
  }

  /** By way of the inbox, which is small: the tasks that wait for their clients are not. */
  tasksWithPendingMessages(limit: number, agents: readonly string[], after?: string): Promise<TaskRecord[]> {
    const addressed = 't.task_id in (select i.task_id from a2a_inbox i)';
    return this.#oldest(limit, agents, `${addressed} and t.run_owner is null and t.waits is null`, after);
  }

  async forgotten(limit: number, agents: readonly string[], forMs: number, after?: string): Promise<TaskRecord[]> {
    const since = `${this.db.dialect.now} - ${Math.round(forMs)}`;
    return this.#oldest(
      limit,
      agents,
      `${FORGOTTEN} and coalesce(t.cancel_requested_at, t.status_at) <= ${since}
       and not exists (select 1 from a2a_inbox i where i.task_id = t.task_id)`,
      after,
    );
  }

  adopt(run: RunRef, replicaId: string): Promise<ClaimedRun | undefined> {
    return this.#held(run, async (session, row) => {
      if (!row || ended(row) || row.run_owner !== null || row.waits !== null) return undefined;
      if (isInterrupted(fromStored(row.state)) && row.cancel_requested_at === null) return undefined;
      return claimRow(session, row, replicaId, oneLostMore(row));
    });
  }

  async begunTurn(run: RunRef): Promise<BegunTurn | undefined> {
    if (!isTaskId(run.taskId)) return undefined;
    const [row] = await this.db.query<BegunRow>(
      `select t.turn, e.data, e.inbound, e.request
       from a2a_task t join a2a_event e on e.task_id = t.task_id and e.seq = t.begun_seq
       where ${IN_SCOPE} and t.fence = ?`,
      [...scoped(run, run.taskId), run.fence],
    );
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

  async #oldest(limit: number, agents: readonly string[], where: string, after = FIRST_ID): Promise<TaskRecord[]> {
    if (agents.length === 0) return [];
    const rows = await this.db.query<TaskRow>(
      `select ${TASK_COLUMNS} from a2a_task t
       where ${where} and t.state not in ${TERMINAL_SQL} and t.agent in (${marks(agents.length)}) and t.task_id > ?
       order by t.task_id limit ?`,
      [...agents, after, limit],
    );
    return rows.map(toHead);
  }

  /** Does `work` with the run's task, whose row stays as it is meanwhile; without it, if the run is fenced. */
  #held<T>(run: RunRef, work: (session: SqlSession, row?: LockedRow) => Promise<T>): Promise<T> {
    return this.#locked(run, run.taskId, (session, row) => work(session, row?.fence === run.fence ? row : undefined));
  }

  #locked<T>(scope: TaskScope, taskId: string, work: (session: SqlSession, row?: LockedRow) => Promise<T>): Promise<T> {
    return this.db.write(async (session) => {
      const row = isTaskId(taskId) ? await lock(session, IN_SCOPE, scoped(scope, taskId)) : undefined;
      return work(session, row);
    });
  }
}

async function lock(session: SqlSession, where: string, values: readonly SqlValue[]): Promise<LockedRow | undefined> {
  const sql = `select ${TASK_COLUMNS}, t.waits from a2a_task t where ${where} ${session.dialect.forUpdate}`;
  return (await session.query<LockedRow>(sql, values))[0];
}

/** A message waits for it, and nobody is to start its turn yet. */
const awaitsTurn = async (session: SqlSession, row: LockedRow): Promise<boolean> =>
  !ended(row) && row.run_owner === null && row.waits === null && (await hasMessage(session, row.task_id));

const hasMessage = async (session: SqlSession, taskId: string): Promise<boolean> =>
  (await session.query(`select id from a2a_inbox where task_id = ? limit 1`, [taskId])).length > 0;
