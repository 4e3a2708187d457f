import { backoffDelay } from '../common/backoff.js';

interface RetryBounds {
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

/**
 * How long to wait after `attempts` tries: doubling, less a random part of up to a half, so that receivers that come back are
 * not run over; what the receiver asked for if that is more; never above the bound.
 */
export function retryDelay(
  attempts: number,
  { firstRetryMs, maxRetryMs }: RetryBounds,
  askedMs = 0,
  random = Math.random,
): number {
  const delayMs = backoffDelay(attempts - 1, { firstMs: firstRetryMs, maxMs: maxRetryMs }, random);
  return Math.min(maxRetryMs, Math.max(delayMs, askedMs));
}
