/** An agent wrote more than a task, or one event, may hold. `bytes` is what it would have become. */
export class TaskTooLargeError extends Error {
  override readonly name = 'TaskTooLargeError';
  constructor(
    readonly what: 'task' | 'event',
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`The ${what} would have ${bytes} bytes; the limit is ${limit}.`);
  }
}
