import { isObject } from '../../common/is-object.js';
import {
  checkNames,
  checkWholeNumber,
  MAX_TIMER_MS,
  numberOptions,
  type NumberRange,
} from '../../common/number-options.js';
import {
  CLIENT_LIMITS,
  type A2aClientLimits,
  type A2aClientOptions,
  type InterfacePreference,
} from './client.options.js';

/** Five times the idle limit must fit a timer, too. */
const MAX_MS = Math.floor(MAX_TIMER_MS / 5);
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_VALUES = 100_000_000;

const RANGES: Readonly<Record<keyof A2aClientLimits, NumberRange>> = {
  connectTimeoutMs: [1, MAX_MS],
  timeoutMs: [1, MAX_MS],
  sendTimeoutMs: [1, MAX_MS],
  idleTimeoutMs: [1, MAX_MS],
  maxAnswerBytes: [1, MAX_BYTES],
  maxAnswerValues: [1, MAX_VALUES],
  attempts: [0, 1_000_000],
  openAttempts: [0, 1_000_000],
  minDelayMs: [0, MAX_MS],
  maxDelayMs: [0, MAX_MS],
};

const NAMES: readonly (keyof A2aClientOptions)[] = [
  'headers',
  'preference',
  'tenant',
  'extensions',
  'allow',
  'requireHttps',
  'resolve',
  'tls',
  'card',
  'limits',
];

export type CheckedOptions = Omit<A2aClientOptions, 'limits'> & { readonly limits: Readonly<A2aClientLimits> };

/** Fills in the limits. Throws RangeError or TypeError naming an unknown option or one with an invalid value. */
export function clientOptions(given: A2aClientOptions = {}): CheckedOptions {
  checkNames(given, NAMES, '');
  const { headers, preference } = given;
  if (headers !== undefined && typeof headers !== 'function') checkHeaders(headers);
  preference?.forEach(checkPreference);
  return { ...given, limits: { ...CLIENT_LIMITS, ...numberOptions(given.limits ?? {}, RANGES, 'limits') } };
}

/** Throws TypeError for an invalid set of headers; the values are not shown. */
export function checkHeaders(headers: unknown): asserts headers is Readonly<Record<string, string>> {
  if (!isObject(headers)) throw new TypeError('headers must be an object of strings, or a function that returns one.');
  const wrong = Object.entries(headers).find(([, value]) => typeof value !== 'string');
  if (wrong) throw new TypeError(`headers: the value of '${wrong[0]}' must be a string.`);
}

function checkPreference({ binding, version }: InterfacePreference): void {
  if ((binding === 'JSONRPC' || binding === 'HTTP+JSON') && (version === '1.0' || version === '0.3')) return;
  throw new RangeError(
    `preference: this client does not speak ${String(binding)} ${String(version)}, but JSONRPC and HTTP+JSON, 1.0 and 0.3.`,
  );
}

/** Throws RangeError for a time that no timer supports. */
export function checkedTimeout(timeoutMs: number): number {
  checkWholeNumber(timeoutMs, [1, MAX_MS], 'timeoutMs');
  return timeoutMs;
}
