/** Approximate memory of a JSON value, in bytes, without serialising it. */
export function jsonSize(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let size = 16;
  if (Array.isArray(value)) for (const item of value) size += jsonSize(item);
  else for (const name of Object.keys(value)) size += name.length + jsonSize((value as Record<string, unknown>)[name]);
  return size;
}
