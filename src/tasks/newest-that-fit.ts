import type { Message, Task } from '../protocol/model/index.js';

export const jsonBytes = (value: object): number => Buffer.byteLength(JSON.stringify(value));

/** How to count the bytes of an answer when a list or a history is cut to a limit. */
export interface CountedForm {
  /** Bytes that a task adds to an answer. */
  task(task: Task): number;
  /** Bytes that a message adds to a task. */
  message(message: Message): number;
}

/** The JSON of v1.0, including the comma after a message. */
const JSON_FORM: CountedForm = { task: jsonBytes, message: (message) => jsonBytes(message) + 1 };

/**
 * The task with the newest messages of its history that fit into `maxBytes`. Artifacts do not count. `history` is absent when no
 * message fits. Spec 3.2.4: a server may return less history than exists.
 */
export function newestThatFit(task: Task, maxBytes: number, form = JSON_FORM): Task {
  const { history, ...rest } = task;
  if (!history || history.length === 0) return task;
  const { artifacts: _, ...bare } = rest;
  return { ...rest, ...withNewest(history, maxBytes - form.task(bare), form) };
}

/** As newestThatFit, with a limit for the history alone. */
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
