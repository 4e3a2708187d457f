import { checkWholeNumber, type NumberRange } from '../../common/number-options.js';

export const BUS_OPTIONS = Symbol('BusOptions');

export interface BusOptions {
  /** How often the storage is checked for missed events, in ms: the fallback below every bus. Default 1000. */
  readonly pollMs: number;
}

export const DEFAULT_POLL_MS = 1_000;
export const POLL_RANGE: NumberRange = [10, 60_000];

/** Fills in the default. Throws RangeError. */
export function busOptions({ pollMs = DEFAULT_POLL_MS }: Partial<BusOptions> = {}): BusOptions {
  checkWholeNumber(pollMs, POLL_RANGE, 'pollMs');
  return { pollMs };
}
