export interface TransientAgentErrorOptions {
  /** The next start comes no earlier, in ms. Default: when the agent's option `retry` says. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * Thrown by an agent: what failed may work a little later. The turn is started again, with its message and the events so far,
 * as the agent's option `retry` says. The text is for the log, not for clients.
 */
export class TransientAgentError extends Error {
  override readonly name = 'TransientAgentError';
  readonly retryAfterMs?: number;

  constructor(
    message = 'The agent failed for a passing reason.',
    { retryAfterMs, cause }: TransientAgentErrorOptions = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryAfterMs = retryAfterMs;
  }
}
