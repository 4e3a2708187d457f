export interface SqlStoresOptions {
  /** Time from the end of a task to its expiry; default: it never expires. */
  readonly retainForMs?: number;
  /** How long a write is retried while the database is away, before it fails with UNAVAILABLE; default 60 s. */
  readonly retryForMs?: number;
}
