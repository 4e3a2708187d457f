/**
 * The connection was lost before `commit` was sent, so nothing was written: the server closed an idle transaction of a process that
 * stalled, or it restarted. The work may be done again on another connection.
 */
export class UncommittedError extends Error {
  override readonly name = 'UncommittedError';
  constructor(cause: unknown) {
    super('The connection was lost before the transaction was committed.', { cause });
  }
}

/** How often such work is done again. If the server cannot be reached, the second attempt says so at once. */
export const UNCOMMITTED_RETRIES = 1;
