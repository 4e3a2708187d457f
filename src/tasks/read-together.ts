import type { TaskHead } from './task-head.js';

/** Bytes of tasks whose content is read at once, for a page of a list; a larger task is read alone. */
const READ_TOGETHER_BYTES = 8 * 1024 * 1024;

/** The tasks in their order, in groups that are read one after the other: what a page holds in memory is bounded. */
export function readTogether(heads: readonly TaskHead[]): TaskHead[][] {
  const groups: TaskHead[][] = [];
  let bytes = Infinity;
  for (const head of heads) {
    bytes += head.bytes;
    if (bytes > READ_TOGETHER_BYTES) [bytes] = [head.bytes, groups.push([])];
    groups.at(-1)?.push(head);
  }
  return groups;
}
