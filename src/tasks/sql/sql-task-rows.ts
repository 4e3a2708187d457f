import type { Decide } from '../core/decision.js';
import { OLDEST_FIRST, type TaskFilter } from '../core/task-filter.js';
import type { FactName, TaskFacts } from '../core/task-row.js';
import type { TaskRef, TaskRows } from '../core/task-rows.interface.js';
import type { LeaseSource } from '../lease-connection.interface.js';
import { isTaskId } from '../row-ids.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import { type BegunTurn, begunTurn } from '../turn-request.js';
import { applyDecision } from './apply-patch.js';
import { PositionalValues } from './condition-values.js';
import { filterSql } from './core/task-filter.sql.js';
import type { SqlDatabase } from './sql-database.js';
import { SqlReplicaRegistry } from './sql-replica-registry.js';
import { SqlRunQueue } from './sql-run-queue.js';
import type { SqlSession } from './sql-session.js';
import { IN_SCOPE, TASK_COLUMNS, type SqlTaskRow, scoped, toHead, toRow } from './task-row.js';

interface BegunRow {
  turn: number;
  data: string;
  inbound: string | null;
  request: string | null;
}

/** Rows of tasks. Every change locks the task's row first, and then reads the other facts. */
export class SqlTaskRows implements TaskRows {
  readonly replicas: SqlReplicaRegistry;
  readonly queue: SqlRunQueue;

  constructor(
    private readonly db: SqlDatabase,
    readonly leases?: LeaseSource,
  ) {
    this.replicas = new SqlReplicaRegistry(db);
    this.queue = new SqlRunQueue(db);
  }

  /** A SQLite file is used by one process. */
  get exclusive(): boolean {
    return this.db.dialect.single;
  }

  change<T>(task: TaskRef, facts: readonly FactName[], decide: Decide<T>): Promise<T> {
    return this.db.write(async (session) => {
      const row = await lock(session, task);
      const known = await readFacts(session, row, facts);
      return applyDecision(session, row, decide(row && toRow(row), known));
    });
  }

  async find(filter: TaskFilter): Promise<TaskRecord[]> {
    const values = new PositionalValues(this.db.dialect);
    const where = filterSql(filter, values);
    const limit = filter.limit === undefined ? '' : `limit ${values.value(filter.limit)}`;
    const rows = await this.db.query<SqlTaskRow>(
      `select ${TASK_COLUMNS} from a2a_task t where ${where} order by t.${OLDEST_FIRST} ${limit}`,
      values.all,
    );
    return rows.map(toHead);
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
}

async function lock(session: SqlSession, { taskId, scope }: TaskRef): Promise<SqlTaskRow | undefined> {
  if (!isTaskId(taskId)) return undefined;
  const [where, values] = scope ? [IN_SCOPE, scoped(scope, taskId)] : ['t.task_id = ?', [taskId]];
  const sql = `select ${TASK_COLUMNS} from a2a_task t where ${where} ${session.dialect.forUpdate}`;
  return (await session.query<SqlTaskRow>(sql, values))[0];
}

async function readFacts(
  session: SqlSession,
  row: SqlTaskRow | undefined,
  facts: readonly FactName[],
): Promise<TaskFacts> {
  const holds = async (fact: FactName, table: string, column: string, value: string | null): Promise<boolean> =>
    facts.includes(fact) &&
    value !== null &&
    (await session.query(`select 1 as one from ${table} where ${column} = ? limit 1`, [value])).length > 0;
  return {
    hasMessage: await holds('hasMessage', 'a2a_inbox', 'task_id', row?.task_id ?? null),
    ownerAlive: await holds('ownerAlive', 'a2a_replica', 'id', row?.run_owner ?? null),
  };
}
