import { isTerminal } from '../../../protocol/state/task-state.js';
import type { AdminFigures } from '../../admin/admin-rows.js';
import {
  FIRST_EVENTS,
  MINUTE_MS,
  type MinuteCount,
  firstMinute,
  lastHour,
  minuteOf,
  percentiles,
} from '../../admin/figures.js';
import { steadyNow } from '../../../common/steady-now.js';
import type { MemoryRow } from '../memory-row.js';
import type { MemoryTables } from '../memory-tables.js';

/** Figures of all tasks. `maxTasks` bounds how many there are. */
export function memoryFigures(tables: MemoryTables): AdminFigures {
  const now = steadyNow();
  const since = firstMinute(now) * MINUTE_MS;
  const open = new Map<string, AdminFigures['open'][number]>();
  const minutes: MinuteCount[] = [];
  const recent: MemoryRow[] = [];
  let [owed, dead, oldestQueued, oldestDue] = [0, 0, Infinity, Infinity];
  for (const row of tables.all()) {
    const { agent, state, createdAt, stateAt, notBefore } = row;
    if (createdAt >= since) {
      minutes.push({ minute: minuteOf(createdAt), count: 1 });
      recent.push(row);
    }
    if (isTerminal(state)) {
      if (stateAt >= since) minutes.push({ minute: minuteOf(stateAt), state, count: 1 });
    } else {
      const key = JSON.stringify([agent, state]);
      open.set(key, { agent, state, count: (open.get(key)?.count ?? 0) + 1 });
    }
    if (notBefore !== undefined && notBefore <= now) oldestQueued = Math.min(oldestQueued, notBefore);
    for (const queue of row.webhooks) {
      owed += queue.owed.length;
      dead += queue.dead.length;
      const [first] = queue.owed;
      if (first) oldestDue = Math.min(oldestDue, first.dueAt || createdAt);
    }
  }
  const firstEventMs = percentiles(firstEvents(recent));
  return {
    open: [...open.values()].sort((a, b) => (a.agent + a.state < b.agent + b.state ? -1 : 1)),
    running: tables.running.size,
    queued: tables.waiting.size,
    ...(oldestQueued < Infinity && { oldestQueuedAt: new Date(oldestQueued).toISOString() }),
    lastHour: lastHour(now, minutes),
    ...(firstEventMs && { firstEventMs }),
    deliveries: { owed, ...(oldestDue < Infinity && { oldestDueAt: new Date(oldestDue).toISOString() }), dead },
  };
}

/** Rows are in the order of their creation. */
const firstEvents = (rows: readonly MemoryRow[]): number[] =>
  rows.slice(-FIRST_EVENTS).flatMap(({ createdAt, log, trimmedSeq }) => {
    const second = trimmedSeq < 2 ? log[1 - trimmedSeq] : undefined;
    return second ? [second.at - createdAt] : [];
  });
