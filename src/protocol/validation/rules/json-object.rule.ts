import { HasRule, problem } from './rule.js';

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object, whatever is in it. */
export const IsJsonObject = (): PropertyDecorator =>
  HasRule('isJsonObject', (value) => (isObject(value) ? undefined : problem('must be an object')));
