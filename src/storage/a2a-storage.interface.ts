import type { InjectionToken, LoggerService } from '@nestjs/common';
import type { A2aBus } from '../events/bus/a2a-bus.interface.js';
import type { CommitAttempted } from '../tasks/append-metrics.js';
import type { Stores } from '../tasks/stores.js';

/**
 * Where tasks live, as `A2aModule.forRoot({ storage })` takes it. `memoryStorage()`, `postgresStorage()` and the others give
 * one, and so can your own code. It holds options and has opened nothing.
 */
export interface A2aStorage {
  /** As errors and logs call it: 'postgres'. */
  readonly name: string;
  /** Whether several processes may have the same tasks. False: only a bus within the process makes sense. */
  readonly shared: boolean;
  /**
   * Tokens of the application's providers that `open` is given after the context, in this order. `forRoot` resolves them;
   * with `forRootAsync` the factory injects what the storage needs.
   */
  readonly inject?: readonly InjectionToken[];
  /** Connects, and brings the schema up to date if the storage has one. What it throws ends the start of the application. */
  open(context: StorageContext, ...injected: unknown[]): Promise<OpenStorage>;
}

/** What a storage is opened with. */
export interface StorageContext {
  /** Nest's logger, named 'Storage'. */
  readonly logger: LoggerService;
  /** To be called after each attempt to commit events. Absent: nobody measures them. */
  readonly commitAttempted?: CommitAttempted;
}

/** An open storage: its stores, and how it ends. */
export interface OpenStorage extends Stores {
  /** How processes on this storage tell each other of new events when the application names no bus. Default: within the process. */
  readonly bus?: A2aBus;
  /** The TypeORM DataSource it stands on, for `@InjectDataSource(A2A_CONNECTION)`. */
  readonly dataSource?: unknown;
  /** For health checks: rejects while the storage does not answer. Absent: it always answers. */
  ping?(): Promise<void>;
  /**
   * Commits what waits and takes no more events. Called when the runs have ended; reads may still come.
   */
  flush?(): Promise<void>;
  /** Closes all connections. Called when the HTTP server is closed. */
  close(): Promise<void>;
}
