import { isObject } from '../../common/is-object.js';
import { ENDED_STATES, FOR_EVER_MS, type RetentionPolicy } from './retention.policy.js';

const KEYS = Object.keys({ retainMs: true, trimAfterMs: true, waitForClientMs: true } satisfies Record<
  keyof RetentionPolicy,
  true
>);

/** All that is wrong with a policy, which may have been written in JavaScript; each text begins with the option's name. */
export function retentionProblems(value: unknown, name: string): string[] {
  if (value === undefined) return [];
  if (!isObject(value)) return [`${name} is ${show(value)}: use { ${KEYS.join(', ')} }.`];
  const { retainMs, trimAfterMs, waitForClientMs } = value;
  return [
    ...unknownKeys(value, KEYS, name),
    ...(isObject(retainMs) ? stateProblems(retainMs, `${name}.retainMs`) : timeProblems(retainMs, `${name}.retainMs`)),
    ...timeProblems(trimAfterMs, `${name}.trimAfterMs`),
    ...timeProblems(waitForClientMs, `${name}.waitForClientMs`),
  ];
}

function stateProblems(times: Record<string, unknown>, name: string): string[] {
  const states = Object.keys(ENDED_STATES);
  return [
    ...unknownKeys(times, states, name),
    ...states.flatMap((state) => timeProblems(times[state], `${name}.${state}`)),
  ];
}

function timeProblems(ms: unknown, name: string): string[] {
  if (ms === undefined || ms === Infinity) return [];
  if (Number.isInteger(ms) && Number(ms) >= 0 && Number(ms) <= FOR_EVER_MS) return [];
  return [`${name} is ${show(ms)}: use a whole number of ms from 0 to ${FOR_EVER_MS}, or Infinity.`];
}

function unknownKeys(value: Record<string, unknown>, known: readonly string[], name: string): string[] {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  return unknown.map((key) => `${name}.${key} is not an option. There are ${known.join(', ')}.`);
}

const show = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing');
