import type { Decide } from '../../core/decision.js';
import { OLDEST_FIRST, type TaskFilter } from '../../core/task-filter.js';
import { type FactName, NO_FACTS, type TaskFacts } from '../../core/task-row.js';
import type { ReplicaRegistry, RunQueue, TaskRef, TaskRows } from '../../core/task-rows.interface.js';
import type { LeaseSource } from '../../lease-connection.interface.js';
import { isTaskId } from '../../row-ids.js';
import type { RunRef, TaskRecord } from '../../task-record.js';
import { type StartedTurn, startedTurn } from '../../turn-request.js';
import { applyDecision } from './apply-patch.js';
import { lockTask } from './lock-task.js';
import { type Sql, join, raw, sql } from './sql.js';
import type { SqlDatabase, SqlSession } from './sql-database.interface.js';
import { filterSql } from './task-filter.sql.js';
import { TASK_COLUMNS, type SqlTaskRow, inScope, toHead, toRow } from './task-row.js';

interface BegunRow {
  turn: number;
  data: string;
  inbound: string | null;
  request: string | null;
}

/** What a decision needs from other tables. */
const FACTS: Readonly<Record<FactName, (row: SqlTaskRow) => Sql>> = {
  hasMessage: ({ task_id }) => sql`select 1 from a2a_inbox i where i.task_id = ${task_id}`,
  ownerAlive: ({ run_owner }) => sql`select 1 from a2a_replica r where r.id = ${run_owner}`,
};

/** Rows of tasks. Every change locks the task's row first, and then reads the other facts. */
export class SqlTaskRows implements TaskRows {
  constructor(
    private readonly db: SqlDatabase,
    readonly replicas: ReplicaRegistry,
    readonly queue: RunQueue,
    readonly leases?: LeaseSource,
  ) {}

  /** A SQLite file is used by one process. */
  get exclusive(): boolean {
    return this.db.dialect.single;
  }

  change<T>({ taskId, scope }: TaskRef, facts: readonly FactName[], decide: Decide<T>): Promise<T> {
    if (!isTaskId(taskId)) return Promise.resolve(decide(undefined, NO_FACTS).result as T);
    return this.db.writeTask(taskId, async (session) => {
      const row = await lockTask(session, scope, taskId);
      const known = row && facts.length > 0 ? await readFacts(session, row, facts) : NO_FACTS;
      return applyDecision(session, row, decide(row && toRow(row), known));
    });
  }

  async find(filter: TaskFilter): Promise<TaskRecord[]> {
    const limit = filter.limit === undefined ? raw('') : sql`limit ${filter.limit}`;
    const rows = await this.db.query<SqlTaskRow>(sql`
      select ${TASK_COLUMNS} from a2a_task t where ${filterSql(filter)} order by t.${raw(OLDEST_FIRST)} ${limit}`);
    return rows.map(toHead);
  }

  async startedTurn(run: RunRef): Promise<StartedTurn | undefined> {
    if (!isTaskId(run.taskId)) return undefined;
    const [row] = await this.db.query<BegunRow>(sql`
      select t.turn, e.data, e.inbound, e.request
      from a2a_task t join a2a_event e on e.task_id = t.task_id and e.seq = t.begun_seq
      where ${inScope(run, run.taskId)} and t.fence = ${run.fence}`);
    if (!row) return undefined;
    const { turn, data, inbound, request } = row;
    return startedTurn({ data, inbound: inbound ?? undefined, request: request ?? undefined }, turn);
  }
}

/** The row is locked: this second statement sees everything that was committed until then. */
async function readFacts(session: SqlSession, row: SqlTaskRow, facts: readonly FactName[]): Promise<TaskFacts> {
  const columns = facts.map((fact) => sql`exists (${FACTS[fact](row)}) as ${raw(fact.toLowerCase())}`);
  const [found] = await session.query<Record<string, unknown>>(sql`select ${join(columns)}`);
  const entries = facts.map((fact) => [fact, Boolean(found?.[fact.toLowerCase()])]);
  return { ...NO_FACTS, ...Object.fromEntries(entries) } as TaskFacts;
}
