/**
 * `{ ...base, ...more }`, for objects that are made for each call, event or row.
 *
 * On Node 20, V8 makes new hidden classes for each object whose literal begins with a spread and goes on with other members: a µs for each
 * member, garbage in the old generation, and slow access to the object from then on. `Object.assign` uses those that are there.
 *
 * @example
 * const logged = withMembers(event, { fence, at });
 */
export function withMembers<A extends object, B extends object>(base: A, more: B): Omit<A, keyof B> & B {
  // JSON of others may have such a member, and an assignment would set the prototype.
  return Object.hasOwn(base, '__proto__') ? { ...base, ...more } : Object.assign({}, base, more);
}
