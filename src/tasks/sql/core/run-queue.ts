import { startQueued } from '../../core/run-rules.js';
import { SPARE, startInTurn } from '../../core/start-in-turn.js';
import type { RunQueue } from '../../core/task-rows.interface.js';
import { NO_FACTS } from '../../core/task-row.js';
import type { ClaimedRun, QueueDemand } from '../../run-store.interface.js';
import type { DueTask } from '../../waiting-choice.js';
import { applyDecision } from './apply-patch.js';
import { ownerKey } from './keys.js';
import type { LockedTask } from './lock-task.js';
import { NOW, type Sql, SKIP_LOCKED, among, join, raw, sql } from './sql.js';
import type { SqlDatabase, SqlSession } from './sql-database.interface.js';
import { TASK_COLUMNS, type SqlTime, toRow } from './task-row.js';

/** How many kinds of queued tasks, that is (tenant, owner, agent), one claim reads; the next claim continues after them. */
export const MAX_KINDS = 500;
/** The most tasks of one claim. */
export const MAX_TAKEN = 1_000;
/** How many kinds share one statement that reads their tasks. */
const KINDS_TOGETHER = 50;

/** From one kind to the next, each with one index lookup. A task that is queued has the key of its kind in `waits`. */
const kindsAfter = (behind: string): Sql => sql`
with recursive kind (n, waits) as (
  select 1, (select min(t.waits) from a2a_task t where t.waits > ${behind})
  union all
  select kind.n + 1, (select min(t.waits) from a2a_task t where t.waits > kind.waits)
  from kind where kind.waits is not null and kind.n < ${MAX_KINDS}
)
select waits from kind where waits is not null`;

interface DueRow {
  task_id: string;
  tenant: string;
  owner: string;
  agent: string;
  not_before: SqlTime;
}

/** The queued tasks. When there are more kinds than one read covers, successive reads cycle through them. */
export class SqlRunQueue implements RunQueue {
  /** The next read starts after this kind. */
  #behind = '';

  constructor(protected readonly db: SqlDatabase) {}

  async claim(replicaId: string, wanted: QueueDemand): Promise<ClaimedRun[]> {
    const behind = this.#behind;
    const claimed = await this.#look(replicaId, wanted, behind);
    // The kinds before the start were not read.
    return claimed.length > 0 || behind === '' ? claimed : this.#look(replicaId, wanted, '');
  }

  async count(limit: number, owner?: string): Promise<number> {
    const whose = owner === undefined ? raw('') : sql`t.owner_key = ${ownerKey({ owner })} and`;
    const [row] = await this.db.query<{ n: number }>(sql`
      select count(*) as n from (
        select 1 as one from a2a_task t where ${whose} t.waits is not null limit ${limit}) queued`);
    return Number(row?.n ?? 0);
  }

  async #look(replicaId: string, wanted: QueueDemand, behind: string): Promise<ClaimedRun[]> {
    const kinds = await this.db.query<{ waits: string }>(kindsAfter(behind));
    this.#behind = kinds.length === MAX_KINDS ? (kinds.at(-1)?.waits ?? '') : '';
    const limit = Math.min(wanted.limit, MAX_TAKEN);
    if (kinds.length === 0 || limit <= 0) return [];
    const keys = kinds.map(({ waits }) => waits);
    return this.db.write(async (session) => {
      const due = await readDue(session, keys, { ...wanted, limit });
      return startInTurn(due, { ...wanted, limit }, (tasks) => start(session, replicaId, tasks));
    });
  }
}

/** The first due tasks of each kind, for agents with capacity. */
async function readDue(session: SqlSession, keys: readonly string[], wanted: QueueDemand): Promise<DueTask[]> {
  const agents = [...wanted.agents].filter(([, room]) => room > 0).map(([agent]) => agent);
  if (agents.length === 0) return [];
  const due: DueTask[] = [];
  const one = (key: string, n: number): Sql => sql`
    select * from (
      select task_id, tenant, owner, agent, not_before from a2a_task
      where waits = ${key} and not_before <= ${NOW} and agent ${among(agents)}
      order by not_before, task_id limit ${wanted.limit * SPARE}
    ) as ${raw(`k${n}`)}`;
  for (let from = 0; from < keys.length; from += KINDS_TOGETHER) {
    const some = keys.slice(from, from + KINDS_TOGETHER).map(one);
    for (const row of await session.query<DueRow>(join(some, ' union all '))) {
      const { task_id: taskId, tenant, owner, agent, not_before: notBefore } = row;
      due.push({ taskId, tenant, owner, agent, notBefore: Number(notBefore) });
    }
  }
  return due;
}

/** Starts those of the tasks that no other replica is taking. */
async function start(session: SqlSession, replicaId: string, tasks: readonly DueTask[]): Promise<ClaimedRun[]> {
  const rows = await session.query<LockedTask>(sql`
    select ${TASK_COLUMNS}, ${NOW} as now_at from a2a_task t
    where t.task_id ${among(tasks.map(({ taskId }) => taskId))} and t.waits is not null ${SKIP_LOCKED}`);
  const claims: ClaimedRun[] = [];
  for (const row of rows) {
    const claim = await applyDecision(session, row, startQueued(replicaId)(toRow(row), NO_FACTS));
    if (claim) claims.push(claim);
  }
  return claims;
}
