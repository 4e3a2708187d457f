import { TASK_STATES, isTerminal } from '../../../../protocol/state/task-state.js';
import type { AdminFigures } from '../../../admin/admin-rows.js';
import { COUNT_LIMIT } from '../../../admin/admin-store.interface.js';
import {
  FIRST_EVENTS,
  MINUTE_MS,
  type MinuteCount,
  firstMinute,
  lastHour,
  percentiles,
} from '../../../admin/figures.js';
import { firstIdSince } from '../../../admin/id-range.js';
import { fromStored, toStored } from '../../../task-states.js';
import { type Fragment, NOW, type Sql, join, raw, sql, timeValue } from '../sql.js';
import type { SqlDatabase } from '../sql-database.interface.js';
import { type SqlTime, timeOf } from '../task-row.js';
import { MAX_AGENTS, knownAgents } from './known-agents.js';

/** Statements with more parts take longer to plan than to run. */
const PARTS = 100;

const minute =
  (column: string): Fragment =>
  (dialect) =>
    raw(dialect.minute(column));

/**
 * Each count ends at its limit and reads an index. The statements run one after another, so that they take one connection of the
 * pool, and none sorts or locks anything.
 */
export async function adminFigures(db: SqlDatabase): Promise<AdminFigures> {
  const [clock] = await db.query<{ now_at: SqlTime }>(sql`select ${NOW} as now_at`);
  const now = Number(clock?.now_at);
  const since = firstMinute(now) * MINUTE_MS;
  const agents = (await knownAgents(db)).slice(0, MAX_AGENTS);
  const open = await openTasks(db, agents);
  const queue = await queued(db);
  const running = await count(db, sql`select 1 as one from a2a_task t where t.run_owner is not null`);
  const minutes = [...(await created(db, since)), ...(await ended(db, agents, since))];
  const firstEventMs = percentiles(await firstEvents(db, since));
  return {
    open,
    running,
    ...queue,
    lastHour: lastHour(now, minutes),
    ...(firstEventMs && { firstEventMs }),
    deliveries: await deliveries(db),
  };
}

async function count(db: SqlDatabase, select: Sql): Promise<number> {
  const [row] = await db.query<{ n: number }>(sql`select count(*) as n from (${select} limit ${COUNT_LIMIT}) counted`);
  return Number(row?.n ?? 0);
}

/** All pairs of agent and state, some in each statement. */
async function eachPair<R extends object>(
  db: SqlDatabase,
  agents: readonly string[],
  terminal: boolean,
  statement: (parts: (part: (agent: string, state: string) => Sql) => Sql) => Sql,
): Promise<R[]> {
  const states = TASK_STATES.filter((state) => isTerminal(state) === terminal).map(toStored);
  const pairs = agents.flatMap((agent) => states.map((state) => [agent, state] as const));
  const rows: R[] = [];
  for (let from = 0; from < pairs.length; from += PARTS) {
    const some = pairs.slice(from, from + PARTS);
    const parts = (part: (agent: string, state: string) => Sql): Sql =>
      join(
        some.map(([agent, state]) => part(agent, state)),
        ' union all ',
      );
    rows.push(...(await db.query<R>(statement(parts))));
  }
  return rows;
}

async function openTasks(db: SqlDatabase, agents: readonly string[]): Promise<AdminFigures['open']> {
  const rows = await eachPair<{ agent: string; state: string; n: number }>(
    db,
    agents,
    false,
    (parts) => sql`
      select counted.agent, counted.state, count(*) as n from (${parts(
        (agent, state) => sql`
          select * from (
            select t.agent, t.state from a2a_task t where t.agent = ${agent} and t.state = ${state} limit ${COUNT_LIMIT}
          ) part`,
      )}) counted group by counted.agent, counted.state order by counted.agent, counted.state`,
  );
  return rows.map(({ agent, state, n }) => ({ agent, state: fromStored(state), count: Number(n) }));
}

async function queued(db: SqlDatabase): Promise<Pick<AdminFigures, 'queued' | 'oldestQueuedAt'>> {
  const [row] = await db.query<{ n: number; oldest: SqlTime | null }>(sql`
    select count(*) as n, min(case when line.not_before <= ${NOW} then line.not_before end) as oldest
    from (select t.not_before from a2a_task t where t.waits is not null limit ${COUNT_LIMIT}) line`);
  const oldest = row?.oldest ?? null;
  return { queued: Number(row?.n ?? 0), ...(oldest !== null && { oldestQueuedAt: timeOf(numeric(oldest)) }) };
}

/** The aggregate of a time may be text. */
const numeric = (time: SqlTime): SqlTime => (time instanceof Date ? time : Number(time));

const ofLastHour = (since: number): Sql =>
  sql`t.task_id >= ${firstIdSince(since)} and t.created_at >= ${timeValue(since)}`;

async function created(db: SqlDatabase, since: number): Promise<MinuteCount[]> {
  const rows = await db.query<{ minute: number; n: number }>(sql`
    select counted.minute, count(*) as n from (
      select ${minute('t.created_at')} as minute from a2a_task t where ${ofLastHour(since)}
      order by t.task_id desc limit ${COUNT_LIMIT}
    ) counted group by counted.minute`);
  return rows.map((row) => ({ minute: Number(row.minute), count: Number(row.n) }));
}

async function ended(db: SqlDatabase, agents: readonly string[], since: number): Promise<MinuteCount[]> {
  const rows = await eachPair<{ minute: number; state: string; n: number }>(
    db,
    agents,
    true,
    (parts) => sql`
      select counted.state, counted.minute, count(*) as n from (${parts(
        (agent, state) => sql`
          select * from (
            select t.state, ${minute('t.rested_at')} as minute from a2a_task t
            where t.agent = ${agent} and t.state = ${state} and t.rested_at >= ${timeValue(since)}
            order by t.rested_at desc limit ${COUNT_LIMIT}
          ) part`,
      )}) counted group by counted.state, counted.minute`,
  );
  return rows.map((row) => ({ minute: Number(row.minute), state: fromStored(row.state), count: Number(row.n) }));
}

async function firstEvents(db: SqlDatabase, since: number): Promise<number[]> {
  const rows = await db.query<{ created_at: SqlTime; at: SqlTime }>(sql`
    select made.created_at, e.at from (
      select t.task_id, t.created_at from a2a_task t where ${ofLastHour(since)} order by t.task_id desc limit ${FIRST_EVENTS}
    ) made join a2a_event e on e.task_id = made.task_id and e.seq = 2
    where e.at is not null`);
  return rows.map((row) => Number(row.at) - Number(row.created_at));
}

async function deliveries(db: SqlDatabase): Promise<AdminFigures['deliveries']> {
  const [due] = await db.query<{ oldest: SqlTime | null }>(
    sql`select min(q.due_at) as oldest from a2a_push_queue q where q.due_at is not null`,
  );
  const oldest = due?.oldest ?? null;
  return {
    // Starts from the queues that owe something: dead letters may be many more.
    owed: await count(
      db,
      sql`select 1 as one from a2a_push_queue q
        join a2a_outbox o on o.task_id = q.task_id and o.config_key = q.config_key and o.dead_at is null
        where q.due_at is not null`,
    ),
    ...(oldest !== null && { oldestDueAt: timeOf(numeric(oldest)) }),
    dead: await count(db, sql`select 1 as one from a2a_outbox o where o.dead_at is not null`),
  };
}
