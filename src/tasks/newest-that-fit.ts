import type { Message, Task } from '../protocol/model/index.js';

export const jsonBytes = (value: object): number => Buffer.byteLength(JSON.stringify(value));

/** How answers are counted that a list or a history is cut for. */
export interface CountedForm {
  /** Bytes of a task within an answer. */
  task(task: Task): number;
  /** Bytes of a message within a task. */
  message(message: Message): number;
}

/** The JSON of v1.0, with the comma behind a message. */
const JSON_FORM: CountedForm = { task: jsonBytes, message: (message) => jsonBytes(message) + 1 };

/**
 * The task with the newest of its history that fit into so many bytes, its artifacts not counted; without `history` when none do.
 * Spec 3.2.4: a server may give less history than there is.
 */
export function newestThatFit(task: Task, maxBytes: number, form = JSON_FORM): Task {
  const { history, ...rest } = task;
  if (!history || history.length === 0) return task;
  const { artifacts: _, ...bare } = rest;
  return { ...rest, ...withNewest(history, maxBytes - form.task(bare), form) };
}

/** The same with a room for the history alone. */
export function withNewest(history: readonly Message[], maxBytes: number, form = JSON_FORM): { history?: Message[] } {
  let [first, bytes] = [history.length, 0];
  while (first > 0) {
    bytes += form.message(history[first - 1] as Message);
    if (bytes > maxBytes) break;
    first--;
  }
  if (first === 0) return { history: [...history] };
  return first < history.length ? { history: history.slice(first) } : {};
}
