import type { Message, Task } from '../protocol/model/index.js';

export const jsonBytes = (value: object): number => Buffer.byteLength(JSON.stringify(value));

/**
 * The task with the newest of its history that fit into so many bytes, its artifacts not counted; without `history` when none do.
 * Spec 3.2.4: a server may give less history than there is.
 */
export function newestThatFit(task: Task, maxBytes: number): Task {
  const { history, ...rest } = task;
  if (!history || history.length === 0) return task;
  const { artifacts: _, ...bare } = rest;
  return { ...rest, ...withNewest(history, maxBytes - jsonBytes(bare)) };
}

/** The same with a room for the history alone. */
export function withNewest(history: readonly Message[], maxBytes: number): { history?: Message[] } {
  let [first, bytes] = [history.length, 0];
  while (first > 0) {
    bytes += jsonBytes(history[first - 1] as Message) + 1;
    if (bytes > maxBytes) break;
    first--;
  }
  if (first === 0) return { history: [...history] };
  return first < history.length ? { history: history.slice(first) } : {};
}
