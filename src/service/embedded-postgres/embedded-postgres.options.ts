import type { LoggerService } from '@nestjs/common';
import type { PostgresBinaries } from './platform-binaries.js';

export type DatabaseLog = Pick<LoggerService, 'log' | 'warn' | 'error'>;

export interface EmbeddedPostgresOptions {
  /** Directory of the database, created if missing. Only one process at a time may use it. */
  readonly dataDir: string;
  readonly log: DatabaseLog;
  /** Server settings (`-c name=value`) on top of the defaults, such as `{ max_connections: '200' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: those of the npm package for this platform. */
  readonly binaries?: PostgresBinaries;
  /**
   * As root only: directory of binaries and data if the unprivileged user that runs Postgres cannot access the original ones.
   * Default `/var/lib/nest-a2a`.
   */
  readonly sharedDir?: string;
  /** Time that a server has to respond, in ms. Default 120,000: recovery after a crash replays the log. */
  readonly readyLimitMs?: number;
}
