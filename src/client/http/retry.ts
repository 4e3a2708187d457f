import { setTimeout as sleep } from 'node:timers/promises';
import { backoffDelay } from '../../common/backoff.js';
import {
  A2AClientConnectionError,
  A2AClientHTTPError,
  A2AClientTimeoutError,
  A2ARemoteError,
  AgentCardResolutionError,
} from '../errors/client.errors.js';

export interface RetryOptions {
  /** Maximum failures in a row that are retried. */
  readonly attempts: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

export const TRANSIENT_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const TRANSIENT_REASONS: ReadonlySet<string | undefined> = new Set([
  'UNAVAILABLE',
  'OVERLOADED',
  'RESOURCE_EXHAUSTED',
  'INTERNAL',
]);
/** Certificate errors are permanent. */
const LASTING = /^(CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|ERR_TLS|HOSTNAME_MISMATCH|EPROTO)/;

/** Whether the same request may succeed when sent again. It does not say whether sending it again is safe. */
export function isTransient(error: unknown): boolean {
  if (error instanceof A2AClientConnectionError) return error.code === undefined || !LASTING.test(error.code);
  if (error instanceof A2AClientTimeoutError) return true;
  if (error instanceof AgentCardResolutionError)
    return error.status === undefined ? isTransient(error.cause) : TRANSIENT_STATUS.has(error.status);
  if (error instanceof A2AClientHTTPError) return TRANSIENT_STATUS.has(error.status);
  return error instanceof A2ARemoteError && TRANSIENT_REASONS.has(error.reason);
}

/**
 * Counts failures and waits between them. Each wait is twice as long as the last, with jitter, so that many clients do not retry at once.
 */
export class Retry {
  #failures = 0;
  #askedMs = 0;

  constructor(
    private readonly options: RetryOptions,
    private readonly signal?: AbortSignal,
    private readonly random: () => number = Math.random,
  ) {}

  /** Resets the count of failures. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** Sets the wait that the peer asks for before a new connection. */
  ask(ms: number): void {
    this.#askedMs = ms;
  }

  /** Waits as long as `delayAfter` says. Throws the signal's reason when it is aborted. */
  async after(error: unknown): Promise<void> {
    await pause(this.delayAfter(error), this.signal);
  }

  /**
   * Counts a failure and returns the wait before the next attempt, in ms. Throws the error after too many failures, or when the agent asks
   * for a longer wait than allowed.
   */
  delayAfter(error: unknown): number {
    const { attempts, minDelayMs, maxDelayMs } = this.options;
    const askedMs = retryAfterMs(error);
    if (this.#failures >= attempts || askedMs > 3 * maxDelayMs) throw error;
    const delayMs = backoffDelay(this.#failures++, { firstMs: minDelayMs, maxMs: maxDelayMs }, this.random);
    return Math.max(delayMs, askedMs, Math.min(this.#askedMs, 3 * maxDelayMs));
  }
}

/** Throws the signal's reason when it is aborted during the wait. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw signal?.reason;
  }
}

function retryAfterMs(error: unknown): number {
  const seconds = error instanceof A2ARemoteError || error instanceof A2AClientHTTPError ? error.retryAfter : undefined;
  return seconds === undefined ? 0 : seconds * 1000;
}
