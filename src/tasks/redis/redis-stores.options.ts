import type { CommitAttempted } from '../append-metrics.js';

export interface RedisStoresOptions {
  /** The prefix of all keys, in braces: `{a2a}:…`. Default 'a2a'. */
  readonly prefix?: string;
  /**
   * Start even if the server may lose acknowledged writes: without its append-only file, or with a policy that evicts keys.
   * Default false: the start fails.
   */
  readonly acceptLoss?: boolean;
  /** How long a write is retried while Redis is unavailable, in ms; then it fails with UNAVAILABLE. Default 60 s. */
  readonly retryForMs?: number;
  /** Called after each attempt to commit events. */
  readonly commitAttempted?: CommitAttempted;
  /** How long an answer may take before its connection is closed, in ms. Default 10 s. */
  readonly commandTimeoutMs?: number;
  /** How long the start waits for a server that is unreachable or still loading its files, in ms. Default 30 s. */
  readonly connectForMs?: number;
}

export const REDIS_DEFAULTS = {
  prefix: 'a2a',
  acceptLoss: false,
  commandTimeoutMs: 10_000,
  connectForMs: 30_000,
} as const satisfies RedisStoresOptions;

/** Whether a string is a valid key prefix. */
export const isKeyPrefix = (text: string): boolean => /^[\w.:-]{1,64}$/.test(text);
