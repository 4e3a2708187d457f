export interface RedisStoresOptions {
  /** All keys begin with it, in braces: `{a2a}:…`. Default 'a2a'. */
  readonly prefix?: string;
  /**
   * Start although the server may lose what was acknowledged: without its append-only file, or with a policy that evicts keys.
   * Default false: the start fails.
   */
  readonly acceptLoss?: boolean;
  /** How long a write is retried while Redis is away, before it fails with UNAVAILABLE; default 60 s. */
  readonly retryForMs?: number;
  /** How long an answer may take before its connection is given up, in ms; default 10 s. */
  readonly commandTimeoutMs?: number;
  /** How long the start waits for a server that is not there or still reads its files, in ms; default 30 s. */
  readonly connectForMs?: number;
}

export const REDIS_DEFAULTS = {
  prefix: 'a2a',
  acceptLoss: false,
  commandTimeoutMs: 10_000,
  connectForMs: 30_000,
} as const satisfies RedisStoresOptions;

/** What the keys of an application may begin with. */
export const isKeyPrefix = (text: string): boolean => /^[\w.:-]{1,64}$/.test(text);
