export const EXECUTION_OPTIONS = Symbol('ExecutionOptions');

/** Limits of runs; each has a default and none can be turned off. */
export interface ExecutionOptions {
  /** Total time of a turn, in ms; then the task fails with DEADLINE. Default 30 minutes. An agent's own option goes first. */
  deadlineMs: number;
  /** After a cancel the run has this long, in ms, to end itself; then the task is canceled anyway. Default 5000. */
  cancelTimeoutMs: number;
  /** Messages that may wait for a task whose run is busy. Default 16. */
  inboxLimit: number;
  /** Bytes of all events of a task. Default 64 MiB. */
  maxTaskBytes: number;
  /** Bytes of one event. Default 10,000,000. */
  maxEventBytes: number;
  /** Tasks of `referenceTaskIds` that are loaded for an agent. Default 16. */
  maxReferencedTasks: number;
  /** On shutdown runs may go on for this long, in ms; the rest fails with SHUTDOWN. Default 10,000. */
  drainMs: number;
  /** Lease of this process's liveness row, in ms; it is renewed three times in that time. Default 30,000. */
  leaseMs: number;
}

export const EXECUTION_DEFAULTS: Readonly<ExecutionOptions> = {
  deadlineMs: 30 * 60_000,
  cancelTimeoutMs: 5_000,
  inboxLimit: 16,
  maxTaskBytes: 64 * 1024 * 1024,
  maxEventBytes: 10_000_000,
  maxReferencedTasks: 16,
  drainMs: 10_000,
  leaseMs: 30_000,
};
