import { MAX_TIMER_MS } from '../../common/number-options.js';
import { retentionProblems } from './retention.check.js';
import { type CompletePolicy, completePolicy, type RetentionOptions } from './retention.policy.js';

export const RETENTION_OPTIONS = Symbol('RetentionOptions');

export interface CheckedRetention {
  /** Of agents that say nothing. */
  readonly policy: CompletePolicy;
  readonly everyMs: number;
}

const EVERY_MS = 60_000;
const MIN_EVERY_MS = 100;

/** Fills in the defaults. Throws RangeError naming the option that makes no sense. */
export function retentionOptions({ everyMs = EVERY_MS, ...given }: RetentionOptions = {}): CheckedRetention {
  const [problem] = retentionProblems(given, 'retention');
  if (problem !== undefined) throw new RangeError(problem);
  if (!Number.isInteger(everyMs) || everyMs < MIN_EVERY_MS || everyMs > MAX_TIMER_MS) {
    throw new RangeError(
      `retention.everyMs is ${String(everyMs)}: use a whole number of ms, ${MIN_EVERY_MS} to ${MAX_TIMER_MS}.`,
    );
  }
  return { policy: completePolicy(given), everyMs };
}
