import { checkFlag, MAX_TIMER_MS, numberOptions, type NumberRange } from '../common/number-options.js';
import { DEFAULT_MAX_MESSAGE_BYTES, DEFAULT_MAX_VALUES } from '../protocol/json/json-excess.js';

export const EXECUTION_OPTIONS = Symbol('ExecutionOptions');

/** Limits of runs; each has a default, and none but `idleMs` can be turned off. */
export interface ExecutionLimits {
  /** Runs of this process at a time; others wait. Default 1000. */
  maxRuns: number;
  /** Of those, the runs of one tenant; callers without a tenant are one. Default: as maxRuns. */
  maxRunsPerTenant: number;
  /** Of those, the runs of one owner, in all tenants together. Default: as maxRuns. */
  maxRunsPerOwner: number;
  /**
   * Places that each owner finds whatever one other does: who runs as many as that gets no more while only so many are free. 0: nothing
   * is kept free. Default: a quarter of maxRuns, rounded down. Where all callers are anonymous nothing is kept free.
   */
  ownerShare: number;
  /** Tasks of all replicas that may wait for a start; more are refused. Default 10,000. */
  maxWaiting: number;
  /** Of those, the tasks of one owner, in all tenants together. Default 1000. */
  maxWaitingPerOwner: number;
  /**
   * Total time of a turn, in ms, counted anew when it is started again; then the task fails with DEADLINE. Default 30 minutes. An
   * agent's own option goes first.
   */
  deadlineMs: number;
  /**
   * Time that a turn may go without an event, in ms; then the task fails with IDLE_DEADLINE. 0: any time. Default 0. An agent's
   * own option goes first.
   */
  idleMs: number;
  /** After a cancel the run has this long, in ms, to end itself; then the task is canceled anyway. Default 5000. */
  cancelTimeoutMs: number;
  /** Messages that may wait for a task whose run is busy. Default 16. */
  inboxLimit: number;
  /** Bytes of all events of a task. Default 64 MiB. */
  maxTaskBytes: number;
  /** Bytes of one event. Default 10,000,000. */
  maxEventBytes: number;
  /** JSON values and keys of one event. Default 150,000. */
  maxEventValues: number;
  /** Tasks of `referenceTaskIds` that are loaded for an agent. Default 16. */
  maxReferencedTasks: number;
  /** On shutdown runs may go on for this long, in ms; then those of resumable agents are handed over, and the rest fails. Default 10,000. */
  drainMs: number;
  /** Lease of this process's liveness row, in ms; it is renewed five times in that time. Default 8000. */
  leaseMs: number;
  /**
   * A process whose event loop stands still keeps its lease for this long, in ms; then it counts as hung, and others take over its
   * tasks. Default 60,000.
   */
  stallMs: number;
  /**
   * How often this process looks for tasks that nobody works on although somebody should, in ms. Default 10,000. Whether a
   * process was lost it asks more often, at least once a second.
   */
  recoveryMs: number;
  /**
   * Processes that one turn may lose. Then its task fails, instead of taking one process after the other with it. Only turns of
   * agents that say `resumable` are started again after the first loss. Default 2.
   */
  maxAttempts: number;
  /**
   * How long a messageId is remembered at least, in ms: sent again in that time it is a retry. It is remembered until its task
   * has ended in any case. Default 24 hours.
   */
  messageWindowMs: number;
}

export interface ExecutionOptions extends ExecutionLimits {
  /**
   * A messageId that its sender used before is a retry: it starts nothing and is answered with the task of the first send.
   * Default true. false: it is a new message, for clients that use their ids again, as the official test suites do; a retry
   * then makes a second task, and Last-Event-ID does not resume SendStreamingMessage.
   */
  deduplicateMessages: boolean;
}

export const EXECUTION_DEFAULTS: Readonly<ExecutionOptions> = {
  maxRuns: 1_000,
  maxRunsPerTenant: 1_000,
  maxRunsPerOwner: 1_000,
  ownerShare: 250,
  maxWaiting: 10_000,
  maxWaitingPerOwner: 1_000,
  idleMs: 0,
  deadlineMs: 30 * 60_000,
  cancelTimeoutMs: 5_000,
  inboxLimit: 16,
  maxTaskBytes: 64 * 1024 * 1024,
  maxEventBytes: DEFAULT_MAX_MESSAGE_BYTES,
  maxEventValues: DEFAULT_MAX_VALUES,
  maxReferencedTasks: 16,
  drainMs: 10_000,
  leaseMs: 8_000,
  stallMs: 60_000,
  recoveryMs: 10_000,
  maxAttempts: 2,
  messageWindowMs: 24 * 60 * 60_000,
  deduplicateMessages: true,
};

/** A hundred years: for ever. */
const MAX_WINDOW_MS = 100 * 365 * 24 * 60 * 60_000;
const MAX_RUNS = 1_000_000;
/** What one statement of the storage can hold. */
const MAX_BYTES = 512 * 1024 * 1024;

export const EXECUTION_RANGES: Readonly<Record<keyof ExecutionLimits, NumberRange>> = {
  maxRuns: [1, MAX_RUNS],
  maxRunsPerTenant: [1, MAX_RUNS],
  maxRunsPerOwner: [1, MAX_RUNS],
  ownerShare: [0, MAX_RUNS],
  maxWaiting: [0, MAX_RUNS],
  maxWaitingPerOwner: [0, MAX_RUNS],
  deadlineMs: [1, MAX_TIMER_MS],
  idleMs: [0, MAX_TIMER_MS],
  cancelTimeoutMs: [1, MAX_TIMER_MS],
  inboxLimit: [1, 10_000],
  maxTaskBytes: [1, Number.MAX_SAFE_INTEGER],
  maxEventBytes: [1, MAX_BYTES],
  maxEventValues: [1, 100_000_000],
  maxReferencedTasks: [0, 1_000],
  drainMs: [0, MAX_TIMER_MS],
  leaseMs: [100, MAX_TIMER_MS],
  stallMs: [1_000, MAX_TIMER_MS],
  recoveryMs: [10, MAX_TIMER_MS],
  maxAttempts: [1, 1_000],
  messageWindowMs: [1_000, MAX_WINDOW_MS],
};

/** Fills in the defaults. Throws RangeError naming the option that makes no sense, and those that there are. */
export function executionOptions(given: Partial<ExecutionOptions> = {}): ExecutionOptions {
  const { deduplicateMessages = EXECUTION_DEFAULTS.deduplicateMessages, ...limits } = given;
  checkFlag(deduplicateMessages, 'execution.deduplicateMessages');
  const set = numberOptions(limits, EXECUTION_RANGES, 'execution', Object.keys(EXECUTION_DEFAULTS));
  const options: ExecutionOptions = { ...EXECUTION_DEFAULTS, ...set, deduplicateMessages };
  const { maxRuns } = options;
  const { maxRunsPerTenant = maxRuns, maxRunsPerOwner = maxRuns, ownerShare = Math.floor(maxRuns / 4) } = given;
  return { ...options, maxRunsPerTenant, maxRunsPerOwner, ownerShare };
}
