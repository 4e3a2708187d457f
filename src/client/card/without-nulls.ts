import { isObject } from '../../common/is-object.js';

/** Members whose content belongs to the user, where null is a value. */
const VERBATIM = new Set(['params', 'metadata', 'data']);

/** A copy without null members, at any depth, except below `params`, `metadata` and `data`. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  // fromEntries defines members instead of assigning them: one may be called __proto__.
  return Object.fromEntries(kept.map(([name, member]) => [name, VERBATIM.has(name) ? member : withoutNulls(member)]));
}
