export interface TypeOrmStoresOptions {
  /** How long a write is retried while the database is away, before it fails with UNAVAILABLE; default 60 s. */
  readonly retryForMs?: number;
  /** How long a statement may take before its connection is given up, in ms; default 30 s, of a write 10 s. */
  readonly statementTimeoutMs?: number;
}
