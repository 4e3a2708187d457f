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

/** The longest time of a timer of Node: a longer one fires at once. */
const MAX_MS = 2 ** 31 - 1;
/** What one statement of the storage can hold. */
const MAX_BYTES = 512 * 1024 * 1024;

const LIMITS: Readonly<Record<keyof ExecutionOptions, readonly [min: number, max: number]>> = {
  deadlineMs: [1, MAX_MS],
  cancelTimeoutMs: [1, MAX_MS],
  inboxLimit: [1, 10_000],
  maxTaskBytes: [1, Number.MAX_SAFE_INTEGER],
  maxEventBytes: [1, MAX_BYTES],
  maxReferencedTasks: [0, 1_000],
  drainMs: [0, MAX_MS],
  leaseMs: [100, MAX_MS],
};

/** Fills in the defaults. Throws RangeError naming the option that makes no sense, and those that there are. */
export function executionOptions(given: Partial<ExecutionOptions> = {}): ExecutionOptions {
  const options: ExecutionOptions = { ...EXECUTION_DEFAULTS };
  for (const [name, value] of Object.entries(given)) {
    const limits = LIMITS[name as keyof ExecutionOptions] as readonly [number, number] | undefined;
    if (limits === undefined) {
      throw new RangeError(`execution.${name} is not an option. There are ${Object.keys(LIMITS).join(', ')}.`);
    }
    if (value === undefined) continue;
    const [min, max] = limits;
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new RangeError(`execution.${name} must be a whole number from ${min} to ${max}, but is ${String(value)}.`);
    }
    options[name as keyof ExecutionOptions] = value;
  }
  return options;
}
