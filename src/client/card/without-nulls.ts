import { isObject } from '../../common/is-object.js';

/** Members whose content is the user's, where null is a value. */
const VERBATIM = new Set(['params', 'metadata', 'data']);

/** A copy in which no object has a member that is null, at any depth, except below `params`, `metadata` and `data`. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  // Defined, not assigned: a member may be called __proto__.
  return Object.fromEntries(kept.map(([name, member]) => [name, VERBATIM.has(name) ? member : withoutNulls(member)]));
}
