import { A2AClientConnectionError, AgentCardResolutionError } from '../errors/client.errors.js';
import { isTransient, type Retry } from './retry.js';

/** A connection that lasted this long before it broke does not count as a failure to reach the agent, in ms: proxies cut long ones. */
export const STABLE_MS = 10_000;

export interface RepeatOptions {
  readonly retry: Retry;
  /** Whether to repeat the work after this error, although the agent may have done it. */
  readonly mayRepeat: (error: unknown) => boolean | Promise<boolean>;
  readonly signal?: AbortSignal;
}

/** Repeats the work until it succeeds or fails permanently. What certainly did not reach the agent may always be sent again. */
export async function repeated<T>(work: () => Promise<T>, { retry, mayRepeat, signal }: RepeatOptions): Promise<T> {
  for (;;) {
    const startedAt = performance.now();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!isTransient(error) || !(wasNotSent(error) || (await mayRepeat(error)))) throw error;
      if (performance.now() - startedAt >= STABLE_MS) retry.succeeded();
      await retry.after(error);
    }
  }
}

/** Without a connection, or without a card, nothing can have arrived. */
export const wasNotSent = (error: unknown): boolean =>
  (error instanceof A2AClientConnectionError && !error.sent) || error instanceof AgentCardResolutionError;
