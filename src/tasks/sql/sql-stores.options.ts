export interface SqlStoresOptions {
  /** How long a write is retried while the database is unavailable, in ms; then it fails with UNAVAILABLE. Default 60 s. */
  readonly retryForMs?: number;
}
