import { HasRule, problem, type Rule } from './rule.js';

export interface TextSize {
  /** UTF-8 bytes. Default 0. */
  min?: 0 | 1;
  /** UTF-8 bytes. Default: no limit but the body's. */
  max?: number;
}

/** A string of so many bytes. Which characters it may hold is the same for all strings of a request: see scanJson. */
export function text({ min = 0, max = Number.POSITIVE_INFINITY }: TextSize = {}): Rule {
  return (value) => {
    if (typeof value !== 'string') return problem('must be a string');
    if (value.length < min) return problem('must not be empty');
    return isLongerThan(value, max) ? problem(`must be at most ${max} bytes of UTF-8`) : undefined;
  };
}

export const IsText = (size?: TextSize): PropertyDecorator => HasRule('isText', text(size));

/** A UTF-16 unit takes at most three bytes of UTF-8 and at least one, so most strings need no counting. */
function isLongerThan(value: string, max: number): boolean {
  return value.length > max || (value.length * 3 > max && Buffer.byteLength(value) > max);
}
