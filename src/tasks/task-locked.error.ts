import { A2AError } from '../protocol/errors/index.js';

/** Another process holds the lock of one task for too long. It says nothing about the storage, nor about other tasks. */
export class TaskLockedError extends A2AError {
  constructor(cause?: unknown) {
    super('UNAVAILABLE', 'The task is locked by another request that has not finished. Try again.', {
      retryAfter: 1,
      cause,
    });
  }
}
