import { checkWholeNumber, MAX_TIMER_MS, type NumberRange } from '../../common/number-options.js';
import { retentionProblems } from './retention.check.js';
import { type CompletePolicy, completePolicy, type RetentionOptions } from './retention.policy.js';

export const RETENTION_OPTIONS = Symbol('RetentionOptions');

export interface CheckedRetention {
  /** The policy of agents that set none. */
  readonly policy: CompletePolicy;
  readonly everyMs: number;
}

export const DEFAULT_EVERY_MS = 60_000;
export const EVERY_MS_RANGE: NumberRange = [100, MAX_TIMER_MS];

/** Fills in the defaults. Throws RangeError naming the invalid option. */
export function retentionOptions({ everyMs = DEFAULT_EVERY_MS, ...given }: RetentionOptions = {}): CheckedRetention {
  const [problem] = retentionProblems(given, 'retention');
  if (problem !== undefined) throw new RangeError(problem);
  checkWholeNumber(everyMs, EVERY_MS_RANGE, 'retention.everyMs');
  return { policy: completePolicy(given), everyMs };
}
