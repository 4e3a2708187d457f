import { checkFlag, MAX_TIMER_MS, numberOptions, type NumberRange } from '../common/number-options.js';
import { MAX_RUNS, OWNER_QUOTA_RANGES, TENANT_QUOTA_RANGES } from '../common/quotas/quotas.options.js';
import { DEFAULT_MAX_MESSAGE_BYTES, DEFAULT_MAX_VALUES } from '../protocol/json/json-excess.js';

export const EXECUTION_OPTIONS = Symbol('ExecutionOptions');

/** Limits of runs. Each has a default. Only `idleMs` can be turned off. */
export interface ExecutionLimits {
  /** Concurrent runs in this process; others wait. Default 1000. */
  maxRuns: number;
  /** Concurrent runs of one tenant. Callers without a tenant count as one tenant. Default: same as maxRuns. */
  maxRunsPerTenant: number;
  /** Concurrent runs of one owner, over all tenants. Default: same as maxRuns. */
  maxRunsPerOwner: number;
  /**
   * Slots that no single owner can take from the others: an owner that already runs this many gets no more while only this many slots are
   * free. 0 reserves nothing. Default: a quarter of maxRuns, rounded down. Nothing is reserved where all callers are anonymous.
   */
  ownerShare: number;
  /** Queued tasks over all replicas; more are refused. Default 10,000. */
  maxWaiting: number;
  /** Queued tasks of one owner, over all tenants. Default 1000. */
  maxWaitingPerOwner: number;
  /**
   * Total time of a turn, in ms, restarted when the turn is started again. After it the task fails with DEADLINE. Default 30 minutes. An
   * agent's own option takes precedence.
   */
  deadlineMs: number;
  /**
   * Longest time without an event in a turn, in ms. After it the task fails with IDLE_DEADLINE. 0: no limit. Default 0. An agent's own
   * option takes precedence.
   */
  idleMs: number;
  /** Time for a run to end by itself after a cancel, in ms. After it the task is canceled anyway. Default 5000. */
  cancelTimeoutMs: number;
  /** Messages that can wait for a task whose run is busy. Default 16. */
  inboxLimit: number;
  /** Bytes of all events of a task. Default 64 MiB. */
  maxTaskBytes: number;
  /** Bytes of one event. Default 10,000,000. */
  maxEventBytes: number;
  /** JSON values and keys of one event. Default 150,000. */
  maxEventValues: number;
  /** Tasks from `referenceTaskIds` that are loaded for an agent. Default 16. */
  maxReferencedTasks: number;
  /** Time for runs to finish on shutdown, in ms. After it, runs of resumable agents are requeued and the others fail. Default 10,000. */
  drainMs: number;
  /** Lease of this process's replica row, in ms; it is renewed five times in that time. Default 8000. */
  leaseMs: number;
  /**
   * How long a process with a blocked event loop keeps its lease, in ms. After it the process counts as hung and others take over its
   * tasks. Default 60,000.
   */
  stallMs: number;
  /**
   * How often this process scans for tasks that should be running but are not, in ms. Default 10,000. It checks for lost processes more
   * often: at least once a second.
   */
  recoveryMs: number;
  /**
   * Process crashes that one turn may cause. After that its task fails, so that it cannot crash one process after another. After the first
   * crash, only turns of `resumable` agents are started again. Default 2.
   */
  maxAttempts: number;
  /**
   * Minimum time a messageId is remembered, in ms. Sending it again in that time is a retry. It is always remembered until its task has
   * ended. Default 24 hours.
   */
  messageWindowMs: number;
}

/** Runs of agents: how many, how long, and what happens when they are interrupted. */
export interface ExecutionOptions extends ExecutionLimits {
  /**
   * Treats a messageId that its sender used before as a retry: nothing is started, and the answer is the task of the first send. Default
   * true. false: it is a new message, for clients that reuse ids, as the official test suites do. A retry then creates a second task, and
   * Last-Event-ID does not resume SendStreamingMessage.
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

/** A hundred years, which means forever. */
const MAX_WINDOW_MS = 100 * 365 * 24 * 60 * 60_000;
/** The most that one storage statement can hold. */
const MAX_BYTES = 512 * 1024 * 1024;

export const EXECUTION_RANGES: Readonly<Record<keyof ExecutionLimits, NumberRange>> = {
  maxRuns: [1, MAX_RUNS],
  maxRunsPerTenant: TENANT_QUOTA_RANGES.runs,
  maxRunsPerOwner: OWNER_QUOTA_RANGES.runs,
  ownerShare: [0, MAX_RUNS],
  maxWaiting: [0, MAX_RUNS],
  maxWaitingPerOwner: OWNER_QUOTA_RANGES.waitingTasks,
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

/** Fills in the defaults. Throws RangeError naming an unknown option or one with an invalid value. */
export function executionOptions(given: Partial<ExecutionOptions> = {}): ExecutionOptions {
  const { deduplicateMessages = EXECUTION_DEFAULTS.deduplicateMessages, ...limits } = given;
  checkFlag(deduplicateMessages, 'execution.deduplicateMessages');
  const set = numberOptions(limits, EXECUTION_RANGES, 'execution', Object.keys(EXECUTION_DEFAULTS));
  const options: ExecutionOptions = { ...EXECUTION_DEFAULTS, ...set, deduplicateMessages };
  const { maxRuns } = options;
  const { maxRunsPerTenant = maxRuns, maxRunsPerOwner = maxRuns, ownerShare = Math.floor(maxRuns / 4) } = given;
  return { ...options, maxRunsPerTenant, maxRunsPerOwner, ownerShare };
}
