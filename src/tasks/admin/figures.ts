import type { TaskState } from '../../protocol/model/index.js';
import type { AdminFigures, AdminMinute } from './admin-rows.js';

export const MINUTE_MS = 60_000;
const MINUTES = 60;

/** Of how many new tasks the time to the first event is read. */
export const FIRST_EVENTS = 200;

/** Minutes since the epoch. */
export const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS);

/** The first of the last 60 minutes, in minutes since the epoch. The last one has only begun. */
export const firstMinute = (now: number): number => minuteOf(now) - MINUTES + 1;

/** Tasks that were created in a minute, or that reached a state in it. */
export interface MinuteCount {
  readonly minute: number;
  readonly state?: TaskState;
  readonly count: number;
}

const COUNTED: Partial<Record<TaskState, Exclude<keyof AdminMinute, 'at' | 'created'>>> = {
  TASK_STATE_COMPLETED: 'completed',
  TASK_STATE_FAILED: 'failed',
  TASK_STATE_CANCELED: 'canceled',
  TASK_STATE_REJECTED: 'rejected',
};

/** The last 60 minutes, oldest first. */
export function lastHour(now: number, counts: Iterable<MinuteCount>): AdminMinute[] {
  const first = firstMinute(now);
  const minutes = Array.from({ length: MINUTES }, (_, index) => ({
    at: new Date((first + index) * MINUTE_MS).toISOString(),
    ...{ created: 0, completed: 0, failed: 0, canceled: 0, rejected: 0 },
  }));
  for (const { minute, state, count } of counts) {
    const name = state === undefined ? 'created' : COUNTED[state];
    const counted = minutes[minute - first];
    if (counted && name) counted[name] += count;
  }
  return minutes;
}

/** Of the times to the first event, in ms. undefined: there are none. */
export function percentiles(times: readonly number[]): AdminFigures['firstEventMs'] {
  const sorted = times.map((ms) => Math.max(ms, 0)).sort((a, b) => a - b);
  const of = (part: number): number => sorted[Math.max(Math.ceil(sorted.length * part) - 1, 0)] ?? 0;
  return sorted.length === 0 ? undefined : { p50: of(0.5), p95: of(0.95) };
}
