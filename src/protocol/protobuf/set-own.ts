/** Sets a member whose name comes from outside: `__proto__` too becomes an ordinary one, as `JSON.parse` makes it. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  else object[key] = value;
}
