import type { TaskState } from '../../protocol/model/index.js';

/** A hundred years; Infinity means the same. */
export const FOR_EVER_MS = 100 * 365 * 24 * 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** How long an agent's tasks are kept. All times in ms, up to 100 years; Infinity: forever. */
export interface RetentionPolicy {
  /**
   * From the end of a task to its deletion, for all tasks or by their final state (a state that you leave out uses the module's
   * time, or the default). Default 30 days.
   */
  retainMs?: number | RetainedStates;
  /**
   * From the end of a task to the deletion of its event log. A client that returns later gets the final task, not its single
   * events. Default one day.
   */
  trimAfterMs?: number;
  /** A task that waits longer than this for its client fails with the reason EXPIRED. Default: forever. */
  waitForClientMs?: number;
}

/** Times by final state of the task, in ms. */
export interface RetainedStates {
  completed?: number;
  failed?: number;
  canceled?: number;
  rejected?: number;
}

/** The policy for agents that set none, and how often it is applied. */
export interface RetentionOptions extends RetentionPolicy {
  /** How often one process per storage scans for tasks to delete, in ms. Default one minute. */
  everyMs?: number;
}

/** A policy with all of its times set; Infinity: forever. */
export interface CompletePolicy {
  readonly retainMs: Readonly<Required<RetainedStates>>;
  readonly trimAfterMs: number;
  readonly waitForClientMs: number;
}

export const ENDED_STATES: Readonly<Record<keyof RetainedStates, TaskState>> = {
  completed: 'TASK_STATE_COMPLETED',
  failed: 'TASK_STATE_FAILED',
  canceled: 'TASK_STATE_CANCELED',
  rejected: 'TASK_STATE_REJECTED',
};

const RETAIN_MS = 30 * DAY_MS;

export const DEFAULT_POLICY: CompletePolicy = {
  retainMs: { completed: RETAIN_MS, failed: RETAIN_MS, canceled: RETAIN_MS, rejected: RETAIN_MS },
  trimAfterMs: DAY_MS,
  waitForClientMs: Infinity,
};

/** Values of the agent override those of `base`. */
export function completePolicy(given: RetentionPolicy = {}, base: CompletePolicy = DEFAULT_POLICY): CompletePolicy {
  const { retainMs = {}, trimAfterMs = base.trimAfterMs, waitForClientMs = base.waitForClientMs } = given;
  const of = (state: keyof RetainedStates): number =>
    (typeof retainMs === 'number' ? retainMs : retainMs[state]) ?? base.retainMs[state];
  return {
    retainMs: { completed: of('completed'), failed: of('failed'), canceled: of('canceled'), rejected: of('rejected') },
    trimAfterMs,
    waitForClientMs,
  };
}

export const isForEver = (ms: number): boolean => ms >= FOR_EVER_MS;
