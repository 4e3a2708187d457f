import { A2AError } from '../protocol/errors/index.js';

/** Another process has locked one task for too long. This does not mean that the storage or other tasks are affected. */
export class TaskLockedError extends A2AError {
  constructor(cause?: unknown) {
    super('UNAVAILABLE', 'The task is locked by another request that has not finished. Try again.', {
      retryAfter: 1,
      cause,
    });
  }
}
