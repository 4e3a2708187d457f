/** When the run may start again, and the error behind it. */
export interface TransientAgentErrorOptions {
  /** Minimum delay of the next start, in ms. Default: by the agent's option `retry`. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * Thrown by an agent for a temporary failure. The turn is started again, with its message and the events so far, as the agent's
 * option `retry` says. The message is for the log, not for clients.
 */
export class TransientAgentError extends Error {
  override readonly name = 'TransientAgentError';
  readonly retryAfterMs?: number;

  constructor(message = 'The agent failed temporarily.', { retryAfterMs, cause }: TransientAgentErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryAfterMs = retryAfterMs;
  }
}
