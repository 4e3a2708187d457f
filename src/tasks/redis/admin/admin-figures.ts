import { TASK_STATES, isTerminal } from '../../../protocol/state/task-state.js';
import type { AdminFigures, AdminTaskRow } from '../../admin/admin-rows.js';
import {
  FIRST_EVENTS,
  MINUTE_MS,
  type MinuteCount,
  firstMinute,
  lastHour,
  minuteOf,
  percentiles,
} from '../../admin/figures.js';
import { decodeEntry } from '../log-entry.js';
import type { RedisConnection } from '../redis-connection.js';
import { ENDED_BY_MINUTE, SECOND_EVENTS, TOTALS } from '../scripts/admin.scripts.js';
import { CLOCK } from '../scripts/replica.scripts.js';
import { toStored } from '../../task-states.js';
import { type NewestTasks, READ_TASKS } from './newest-tasks.js';

const TERMINAL = TASK_STATES.filter(isTerminal);

/** Figures of the newest READ_TASKS tasks; what is queued, ended or owed is counted whatever its age. */
export async function adminFigures(connection: RedisConnection, newest: NewestTasks): Promise<AdminFigures> {
  const now = await connection.run<number>(CLOCK);
  const since = firstMinute(now) * MINUTE_MS;
  const open = new Map<string, AdminFigures['open'][number]>();
  const agents = new Set<string>();
  const recent: AdminTaskRow[] = [];
  let [running, dead, oldest] = [0, 0, Infinity];
  for await (const { tasks } of newest.from()) {
    for (const { row, dead: letters } of tasks) {
      const { agent, state, notBefore } = row;
      agents.add(agent);
      dead += letters;
      if (row.runOwner !== undefined) running++;
      if (notBefore !== undefined && Date.parse(notBefore) <= now) oldest = Math.min(oldest, Date.parse(notBefore));
      if (Date.parse(row.createdAt) >= since) recent.push(row);
      const key = `${agent} ${state}`;
      if (!isTerminal(state)) open.set(key, { agent, state, count: (open.get(key)?.count ?? 0) + 1 });
    }
  }
  const created = recent.map((row) => ({ minute: minuteOf(Date.parse(row.createdAt)), count: 1 }));
  const firstEventMs = percentiles(await firstEvents(connection, recent.slice(0, FIRST_EVENTS)));
  const [queued, owed, due] = await connection.run<[string, number, string]>(TOTALS, READ_TASKS);
  return {
    open: [...open].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
    running,
    queued: Number(queued),
    ...(oldest < Infinity && { oldestQueuedAt: new Date(oldest).toISOString() }),
    lastHour: lastHour(now, [...created, ...(await ended(connection, [...agents], since))]),
    ...(firstEventMs && { firstEventMs }),
    deliveries: { owed, ...(due !== '' && { oldestDueAt: new Date(Number(due)).toISOString() }), dead },
  };
}

async function ended(connection: RedisConnection, agents: readonly string[], since: number): Promise<MinuteCount[]> {
  const counts: MinuteCount[] = [];
  for (const agent of agents) {
    const pairs = TERMINAL.flatMap((state) => [agent, toStored(state)]);
    const found = await connection.run<number[][]>(ENDED_BY_MINUTE, since, ...pairs);
    for (const [index, state] of TERMINAL.entries())
      for (const [minute, count] of (found[index] ?? []).entries())
        if (count > 0) counts.push({ minute: minuteOf(since) + minute, state, count });
  }
  return counts;
}

async function firstEvents(connection: RedisConnection, rows: readonly AdminTaskRow[]): Promise<number[]> {
  if (rows.length === 0) return [];
  const heads = await connection.run<string[]>(SECOND_EVENTS, ...rows.map(({ id }) => id));
  return rows.flatMap(({ createdAt }, index) => {
    const head = heads[index];
    const at = head ? decodeEntry(`${head}\n`).at : undefined;
    return at === undefined ? [] : [at - Date.parse(createdAt)];
  });
}
