import {
  booleanProblem,
  MAX_TIMER_MS,
  type NumberRange,
  unknownOptionProblem,
  wholeNumberProblem,
} from './option-problems.js';

export { MAX_TIMER_MS, type NumberRange };

/** Throws RangeError, naming the option, unless the value is a whole number in the range. */
export function checkWholeNumber(value: unknown, range: NumberRange, name: string): asserts value is number {
  refuse(wholeNumberProblem(value, range, name));
}

/** Throws RangeError, naming the option, unless the value is true or false. */
export function checkFlag(value: unknown, name: string): asserts value is boolean {
  refuse(booleanProblem(value, name));
}

/** Throws RangeError naming the unknown options and listing the known ones. */
export function checkNames(given: object, known: readonly string[], where: string): void {
  refuse(unknownOptionProblem(given, known, where));
}

/** The members that are not undefined: an option set to undefined counts as unset and gets its default. */
export const definedOptions = <T extends object>(given: T): Partial<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;

/**
 * The given numbers, without those that are undefined. Throws RangeError naming an option that is out of range or unknown; `known` lists
 * all options, if there are others beside the numbers.
 */
export function numberOptions<K extends string>(
  given: Partial<Readonly<Record<K, number>>>,
  ranges: Readonly<Record<K, NumberRange>>,
  where: string,
  known: readonly string[] = Object.keys(ranges),
): Partial<Record<K, number>> {
  const isOption = (name: string): name is K => Object.hasOwn(ranges, name);
  const set: Partial<Record<K, number>> = {};
  for (const [name, value] of Object.entries<unknown>(given)) {
    if (!isOption(name)) {
      checkNames({ [name]: value }, known, where);
      continue;
    }
    if (value === undefined) continue;
    checkWholeNumber(value, ranges[name], `${where}.${name}`);
    set[name] = value;
  }
  return set;
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new RangeError(problem);
}
