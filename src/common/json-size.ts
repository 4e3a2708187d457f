/** About how many bytes a JSON value takes in memory, without writing it out. */
export function jsonSize(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + jsonSize(item), 16);
  let size = 16;
  for (const [name, member] of Object.entries(value)) size += name.length + jsonSize(member);
  return size;
}
