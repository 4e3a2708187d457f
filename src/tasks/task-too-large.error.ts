/** A task or one event exceeds its size limit. `size` is the size that it would have reached, or the first value over the limit. */
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
