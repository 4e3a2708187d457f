import type { Decide, QueueTime, TaskPatch } from '../core/decision.js';
import { OLDEST_FIRST, type TaskFilter } from '../core/task-filter.js';
import { type FactName, NO_FACTS, type TaskFacts } from '../core/task-row.js';
import type { ReplicaRegistry, RunQueue, TaskRef, TaskRows } from '../core/task-rows.interface.js';
import type { LeaseSource } from '../lease-connection.interface.js';
import { filterSql } from '../sql/core/task-filter.sql.js';
import type { RunRef, TaskRecord } from '../task-record.js';
import { type BegunTurn, begunTurn } from '../turn-request.js';
import type { Database, Query } from './database.js';
import { NumberedValues } from './numbered-values.js';
import { PostgresRunQueue } from './run-queue.js';
import { IN_SCOPE, TASK_COLUMNS, type PostgresTaskRow, isTaskId, scoped, toHead, toRow } from './task-row.js';

interface BegunRow {
  turn: number;
  data: string;
  inbound: string | null;
  request: string | null;
}

/** What a decision needs from other tables. The row is locked, so a second statement sees everything that was committed until then. */
const FACTS: Readonly<Record<FactName, (row: PostgresTaskRow, values: NumberedValues) => string>> = {
  hasMessage: ({ task_id }, values) => `exists (select from a2a_inbox i where i.task_id = ${values.value(task_id)})`,
  ownerAlive: ({ run_owner }, values) => `exists (select from a2a_replica r where r.id = ${values.value(run_owner)})`,
};

/** Turns begin with the first event and with events that added a message to the history. */
const BEGUN_TURN = `
select t.turn, e.data, e.inbound, e.request
from a2a_task t
cross join lateral (
  select * from a2a_event e where e.task_id = t.task_id and (e.inbound is not null or e.seq = 1) order by e.seq desc limit 1
) e
where ${IN_SCOPE} and t.fence = $5`;

const COUNTERS = ['fence', 'turn', 'attempt', 'losses', 'failures'] as const;

/** The rows of tasks in Postgres. */
export class TypeOrmTaskRows implements TaskRows {
  readonly queue: RunQueue;

  constructor(
    private readonly db: Database,
    readonly replicas: ReplicaRegistry,
    readonly leases?: LeaseSource,
  ) {
    this.queue = new PostgresRunQueue(db);
  }

  change<T>(task: TaskRef, facts: readonly FactName[], decide: Decide<T>): Promise<T> {
    if (!isTaskId(task.taskId)) return Promise.resolve(decide(undefined, NO_FACTS).result as T);
    return this.db.transactionOn(task.taskId, async (query) => {
      const row = await lock(query, task);
      const decision = decide(
        row && toRow(row),
        row && facts.length > 0 ? await readFacts(query, row, facts) : NO_FACTS,
      );
      if (!decision.patch) return decision.result;
      return decision.result(toRow(await applyPatch(query, task.taskId, decision.patch)));
    });
  }

  async find(filter: TaskFilter): Promise<TaskRecord[]> {
    const values = new NumberedValues();
    const where = filterSql(filter, values);
    const limit = filter.limit === undefined ? '' : `limit ${values.value(filter.limit)}`;
    const sql = `select ${TASK_COLUMNS} from a2a_task t where ${where} order by t.${OLDEST_FIRST} ${limit}`;
    return (await this.db.query<PostgresTaskRow>(sql, values.all)).map(toHead);
  }

  async begunTurn(run: RunRef): Promise<BegunTurn | undefined> {
    if (!isTaskId(run.taskId)) return undefined;
    const [row] = await this.db.query<BegunRow>(BEGUN_TURN, [...scoped(run, run.taskId), run.fence]);
    if (!row) return undefined;
    const { turn, data, inbound, request } = row;
    return begunTurn({ data, inbound: inbound ?? undefined, request: request ?? undefined }, turn);
  }
}

async function lock(query: Query, { taskId, scope }: TaskRef): Promise<PostgresTaskRow | undefined> {
  const [where, values] = scope ? [IN_SCOPE, scoped(scope, taskId)] : ['t.task_id = $1::uuid', [taskId]];
  const sql = `select ${TASK_COLUMNS} from a2a_task t where ${where} for no key update`;
  return (await query<PostgresTaskRow>(sql, values))[0];
}

async function readFacts(query: Query, row: PostgresTaskRow, facts: readonly FactName[]): Promise<TaskFacts> {
  const values = new NumberedValues();
  const columns = facts.map((fact) => `${FACTS[fact](row, values)} as "${fact}"`);
  const [found] = await query<Partial<TaskFacts>>(`select ${columns.join(', ')}`, values.all);
  return { ...NO_FACTS, ...found };
}

async function applyPatch(query: Query, taskId: string, patch: TaskPatch): Promise<PostgresTaskRow> {
  const values = new NumberedValues();
  const where = `t.task_id = ${values.value(taskId)}`;
  const sets = COUNTERS.filter((column) => patch[column] !== undefined).map(
    (column) => `${column} = ${values.value(patch[column])}`,
  );
  if (patch.runOwner !== undefined) sets.push(`run_owner = ${values.value(patch.runOwner)}`);
  if (patch.queue !== undefined) sets.push(`not_before = ${notBefore(patch.queue, values)}`);
  if (patch.requestCancel) sets.push('cancel_requested_at = now()');
  const sql = `update a2a_task t set ${sets.join(', ')} where ${where} returning ${TASK_COLUMNS}`;
  const [row] = await query<PostgresTaskRow>(sql, values.all);
  if (!row) throw new Error('A task is gone whose row was locked.');
  return row;
}

function notBefore(queue: QueueTime | null, values: NumberedValues): string {
  if (queue === null) return 'null';
  return queue === 'created' ? 't.created_at' : `now() + ${values.value(queue.inMs)}::float8 * interval '1 ms'`;
}
