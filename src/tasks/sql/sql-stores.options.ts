export interface SqlStoresOptions {
  /** How long a write is retried while the database is away, before it fails with UNAVAILABLE; default 60 s. */
  readonly retryForMs?: number;
}
