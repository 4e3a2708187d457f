/** The longest time of a timer of Node, in ms: a longer one fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

export type NumberRange = readonly [min: number, max: number];

/** Throws RangeError, naming the option, unless the value is a whole number in the range. */
export function checkWholeNumber(value: unknown, [min, max]: NumberRange, name: string): asserts value is number {
  if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max) return;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, but is ${String(value)}.`);
}

/**
 * The numbers that are given, without those that are undefined. Throws RangeError naming the one that is out of its range, or that
 * is not an option; `known` are all options there are, if there are others beside the numbers.
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
    if (!isOption(name)) throw new RangeError(`${where}.${name} is not an option. There are ${known.join(', ')}.`);
    if (value === undefined) continue;
    checkWholeNumber(value, ranges[name], `${where}.${name}`);
    set[name] = value;
  }
  return set;
}
