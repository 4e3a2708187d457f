/** The wording of option problems. Each function returns the problem, or undefined if there is none. */

export type NumberRange = readonly [min: number, max: number];

/** Node's longest timer, in ms: a longer one fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A value as a message shows it: as JSON, at most about 60 characters. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export const wholeNumberRule = ([min, max]: NumberRange, unit = ''): string =>
  `a whole number${unit && ` of ${unit}`} from ${min} to ${max}`;

export const isWholeNumber = (value: unknown, [min, max]: NumberRange): value is number =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

export const wholeNumberProblem = (
  value: unknown,
  range: NumberRange,
  name: string,
  unit?: string,
): string | undefined =>
  isWholeNumber(value, range) ? undefined : `${name} must be ${wholeNumberRule(range, unit)}, but is ${show(value)}.`;

export const booleanProblem = (value: unknown, name: string): string | undefined =>
  typeof value === 'boolean' ? undefined : `${name} must be true or false, but is ${show(value)}.`;

/** `where` is what the options belong to; '' if that has no name. */
export function unknownOptionProblem(given: object, known: readonly string[], where: string): string | undefined {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return undefined;
  const names = unknown.map((name) => (where === '' ? name : `${where}.${name}`)).join(', ');
  return `${names} ${unknown.length > 1 ? 'are not options' : 'is not an option'}. There are ${known.join(', ')}.`;
}
