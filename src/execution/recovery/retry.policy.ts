import { backoffDelay } from '../../common/backoff.js';
import type { RegisteredAgent } from '../../agents/agent-registry.interface.js';
import type { RetryOptions } from '../../agents/agent-options.js';
import { TransientAgentError } from '../../agents/transient-agent.error.js';

export const RETRY_DEFAULTS: Readonly<Required<RetryOptions>> = { maxAttempts: 3, delayMs: 1_000, maxDelayMs: 60_000 };

/** A day. A longer delay that an agent asks for is cut to this. */
const LONGEST_MS = 24 * 60 * 60_000;

export const retryOf = ({ options }: Pick<RegisteredAgent, 'options'>): Required<RetryOptions> => ({
  ...RETRY_DEFAULTS,
  ...options.retry,
});

/**
 * Delay in ms before a turn that has failed again, after `failures` earlier failures, is retried. It doubles each time and is shortened at
 * random by up to half, so that tasks which failed together do not retry together. undefined: no retry.
 */
export function retryDelay(
  agent: Pick<RegisteredAgent, 'options'>,
  failures: number,
  error?: unknown,
  random = Math.random,
): number | undefined {
  const { maxAttempts, delayMs, maxDelayMs } = retryOf(agent);
  if (failures + 1 >= maxAttempts) return undefined;
  const asked = error instanceof TransientAgentError ? (error.retryAfterMs ?? 0) : 0;
  return Math.min(
    LONGEST_MS,
    Math.max(asked, Math.round(backoffDelay(failures, { firstMs: delayMs, maxMs: maxDelayMs }, random))),
  );
}
