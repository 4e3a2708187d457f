/** An agent wrote more than a task, or one event, may hold. `size` is what it would have become, or the first that is too much. */
export class TaskTooLargeError extends Error {
  override readonly name = 'TaskTooLargeError';
  constructor(
    readonly what: 'task' | 'event',
    readonly size: number,
    readonly limit: number,
    readonly unit = 'bytes',
  ) {
    super(`The ${what} would have ${unit === 'bytes' ? '' : 'at least '}${size} ${unit}; the limit is ${limit}.`);
  }
}
