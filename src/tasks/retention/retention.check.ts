import { isObject } from '../../common/is-object.js';
import {
  isWholeNumber,
  type NumberRange,
  show,
  unknownOptionProblem,
  wholeNumberRule,
} from '../../common/option-problems.js';
import { ENDED_STATES, FOR_EVER_MS, type RetentionPolicy } from './retention.policy.js';

/** The range of each time of a policy, in ms. */
export const RETENTION_RANGE: NumberRange = [0, FOR_EVER_MS];

const KEYS = Object.keys({ retainMs: true, trimAfterMs: true, waitForClientMs: true } satisfies Record<
  keyof RetentionPolicy,
  true
>);

/** All errors of a policy, which JavaScript code may have written. Each message begins with the option's name. */
export function retentionProblems(value: unknown, name: string): string[] {
  if (value === undefined) return [];
  if (!isObject(value)) return [`${name} is ${show(value)}: use { ${KEYS.join(', ')} }.`];
  const { retainMs, trimAfterMs, waitForClientMs } = value;
  return [
    ...unknownOptions(value, KEYS, name),
    ...(isObject(retainMs) ? stateProblems(retainMs, `${name}.retainMs`) : timeProblems(retainMs, `${name}.retainMs`)),
    ...timeProblems(trimAfterMs, `${name}.trimAfterMs`),
    ...timeProblems(waitForClientMs, `${name}.waitForClientMs`),
  ];
}

function stateProblems(times: Record<string, unknown>, name: string): string[] {
  const states = Object.keys(ENDED_STATES);
  return [
    ...unknownOptions(times, states, name),
    ...states.flatMap((state) => timeProblems(times[state], `${name}.${state}`)),
  ];
}

function timeProblems(ms: unknown, name: string): string[] {
  if (ms === undefined || ms === Infinity || isWholeNumber(ms, RETENTION_RANGE)) return [];
  return [`${name} must be ${wholeNumberRule(RETENTION_RANGE, 'ms')}, or Infinity, but is ${show(ms)}.`];
}

const unknownOptions = (value: object, known: readonly string[], name: string): string[] =>
  [unknownOptionProblem(value, known, name)].filter((problem) => problem !== undefined);
