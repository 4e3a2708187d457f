import type { LoggerService } from '@nestjs/common';
import type { PostgresBinaries } from './platform-binaries.js';

export type DatabaseLog = Pick<LoggerService, 'log' | 'warn' | 'error'>;

export interface EmbeddedPostgresOptions {
  /** Directory of the database, created when missing. One process at a time may use it. */
  readonly dataDir: string;
  readonly log: DatabaseLog;
  /** Server settings (`-c name=value`) on top of the defaults, such as `{ max_connections: '200' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: those of the npm package for this platform. */
  readonly binaries?: PostgresBinaries;
  /**
   * As root only: where binaries and data go when the unprivileged user that runs Postgres cannot reach them where they
   * are. Default `/var/lib/nest-a2a`.
   */
  readonly sharedDir?: string;
  /** How long a server may take until it answers, in ms. Default 120,000: recovery after a crash reads the log again. */
  readonly readyLimitMs?: number;
}
