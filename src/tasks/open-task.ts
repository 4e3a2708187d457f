import { unavailable } from '../protocol/errors/index.js';
import type { Task } from '../protocol/model/index.js';
import type { TaskRecord, TaskSnapshot } from './task-record.js';

/** A task that was found in the caller's scope. Its content is read on demand. */
export interface OpenTask {
  readonly head: TaskRecord;
  /** The task as of the record. undefined: an append, a trim or a deletion since then prevents the read; open the task again. */
  read(): Promise<Task | undefined>;
}

const READ_RETRIES = 5;

/** Opens and reads the task, and repeats that if needed. undefined: there is no such task. */
export async function readOpened<T>(
  taskId: string,
  open: () => Promise<OpenTask | undefined>,
  read: (opened: OpenTask) => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let retries = 0; retries < READ_RETRIES; retries++) {
    const opened = await open();
    if (!opened) return undefined;
    const found = await read(opened);
    if (found !== undefined) return found;
  }
  throw unavailable(`The log of task ${taskId} changes too fast to be read. Try again.`);
}

/** The whole task as an object, for callers that know that it is not too large. */
export const wholeTask = (
  taskId: string,
  open: () => Promise<OpenTask | undefined>,
): Promise<TaskSnapshot | undefined> =>
  readOpened(taskId, open, async ({ head, read }) => {
    const task = await read();
    return task && { head, seq: head.lastSeq, task };
  });
