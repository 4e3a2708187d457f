export interface TypeOrmStoresOptions {
  /** How long a write is retried while the database is unavailable, in ms; then it fails with UNAVAILABLE. Default 60 s. */
  readonly retryForMs?: number;
  /** How long a statement may take before its connection is closed, in ms. Default 30 s, for a write 10 s. */
  readonly statementTimeoutMs?: number;
}
