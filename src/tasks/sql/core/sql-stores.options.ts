import type { CommitAttempted } from '../../append-metrics.js';
import type { MigrationsAtStart } from '../migrations/migrations-at-start.js';

export interface SqlStoresOptions {
  /** How long a write is retried while the database is unavailable, in ms; then it fails with UNAVAILABLE. Default 60 s. */
  readonly retryForMs?: number;
  /** Called after each attempt to commit events. */
  readonly commitAttempted?: CommitAttempted;
  /** Postgres: how long a statement may take before its connection is closed, in ms. Default 30 s, for a write 10 s. */
  readonly statementTimeoutMs?: number;
  /** Default `run`. */
  readonly migrations?: MigrationsAtStart;
}
