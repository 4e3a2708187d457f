import { MAX_TIMER_MS, numberOptions, type NumberRange } from './number-options.js';
import { OWNER_QUOTA_RANGES } from './quotas/quotas.options.js';

export const LIMITS_OPTIONS = Symbol('LimitsOptions');

/** What clients may use of this process, in bytes, in number and in time; over all bindings. */
export interface LimitsOptions {
  /**
   * Bytes that wait in memory for clients: answers that sockets have not accepted, and request bodies that have not arrived in full. Beyond
   * it calls are refused with OVERLOADED. Default 256 MiB.
   */
  readonly maxBufferedBytes: number;
  /** Of those, the bytes of one caller. Default: a quarter of `maxBufferedBytes`. */
  readonly maxBufferedBytesPerCaller: number;
  /**
   * Bytes of messages that wait to be stored; beyond it messages are refused with OVERLOADED. Each identified caller may use a quarter of
   * it. Each message is in memory several times: as received, as decoded, and as written. Default 128 MiB.
   */
  readonly maxUnstoredBytes: number;
  /** Concurrent calls of one caller, including event streams; more are refused with RESOURCE_EXHAUSTED. Default 1,000. */
  readonly maxCallsPerCaller: number;
  /**
   * Calls of one caller per minute, over all bindings, to this process. So many may come at once; they are given back evenly over the minute.
   * More are refused with RESOURCE_EXHAUSTED. 0: no limit. Default 0.
   */
  readonly maxCallsPerMinute: number;
  /**
   * Where `maxCallsPerMinute` is counted. 'process': each process counts for itself. 'storage': all processes on one storage give a caller one
   * budget. Default 'process'.
   */
  readonly callsCountedIn: 'process' | 'storage';
  /** Silence, in ms, after which a request whose headers or body have not arrived in full is dropped. Default 30,000. */
  readonly requestIdleMs: number;
  /** Time for a whole request to arrive, in ms. Default 120,000. */
  readonly requestTimeoutMs: number;
  /** A client that accepts nothing of its answer for this time, in ms, is disconnected. Default 30,000. */
  readonly responseIdleMs: number;
  /**
   * Bytes of tasks on a page of ListTasks. The page ends before the task that would exceed it, but has at least one task. Default 4 MiB.
   */
  readonly maxPageBytes: number;
  /** Bytes of history, newest messages first, in an answer with one task and in the Task that opens a stream. Default 16 MiB. */
  readonly maxHistoryBytes: number;
  /**
   * Bytes of tasks that are read and serialised at a time in this process; other calls wait, with callers taking turns. Each takes up to
   * four times as much memory. Default 64 MiB.
   */
  readonly maxContentBytes: number;
  /** Age, in ms, at which an event stream ends; its client resumes. 0: no limit. Default 0. */
  readonly maxStreamAgeMs: number;
}

export const LIMITS_DEFAULTS: Readonly<LimitsOptions> = {
  maxBufferedBytes: 256 * 1024 * 1024,
  maxBufferedBytesPerCaller: 64 * 1024 * 1024,
  maxUnstoredBytes: 128 * 1024 * 1024,
  maxCallsPerCaller: 1_000,
  maxCallsPerMinute: 0,
  callsCountedIn: 'process',
  requestIdleMs: 30_000,
  requestTimeoutMs: 120_000,
  responseIdleMs: 30_000,
  maxPageBytes: 4 * 1024 * 1024,
  maxHistoryBytes: 16 * 1024 * 1024,
  maxContentBytes: 64 * 1024 * 1024,
  maxStreamAgeMs: 0,
};

export const LIMITS_RANGES: Readonly<Record<keyof Omit<LimitsOptions, 'callsCountedIn'>, NumberRange>> = {
  maxBufferedBytes: [1024 * 1024, Number.MAX_SAFE_INTEGER],
  maxBufferedBytesPerCaller: [64 * 1024, Number.MAX_SAFE_INTEGER],
  maxUnstoredBytes: [1024 * 1024, Number.MAX_SAFE_INTEGER],
  maxCallsPerCaller: OWNER_QUOTA_RANGES.openCalls,
  maxCallsPerMinute: OWNER_QUOTA_RANGES.callsPerMinute,
  requestIdleMs: [100, MAX_TIMER_MS],
  requestTimeoutMs: [100, MAX_TIMER_MS],
  responseIdleMs: [100, MAX_TIMER_MS],
  maxPageBytes: [1024, 512 * 1024 * 1024],
  maxHistoryBytes: [1024, Number.MAX_SAFE_INTEGER],
  maxContentBytes: [1024 * 1024, Number.MAX_SAFE_INTEGER],
  maxStreamAgeMs: [0, MAX_TIMER_MS],
};

/** Fills in the defaults. Throws RangeError naming an unknown option or one with an invalid value. */
export function limitsOptions(given: Partial<LimitsOptions> = {}): LimitsOptions {
  const { callsCountedIn = LIMITS_DEFAULTS.callsCountedIn, ...numbers } = given;
  if (!['process', 'storage'].includes(callsCountedIn))
    throw new RangeError("limits.callsCountedIn must be 'process' or 'storage'.");
  const set = numberOptions(numbers, LIMITS_RANGES, 'limits', Object.keys(LIMITS_DEFAULTS));
  const { maxBufferedBytes } = { ...LIMITS_DEFAULTS, ...set };
  const share = Math.max(64 * 1024, Math.floor(maxBufferedBytes / 4));
  const options = { ...LIMITS_DEFAULTS, maxBufferedBytesPerCaller: share, ...set, callsCountedIn };
  if (options.maxBufferedBytesPerCaller > maxBufferedBytes) {
    throw new RangeError(
      `limits.maxBufferedBytesPerCaller must not be above limits.maxBufferedBytes (${maxBufferedBytes}), but is ${options.maxBufferedBytesPerCaller}.`,
    );
  }
  return options;
}
