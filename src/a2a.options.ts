import type { ExecutionOptions } from './execution/execution.options.js';
import type { HttpTransportOptions } from './transports/http/http-transport.options.js';

export const A2A_OPTIONS = Symbol('A2aModuleOptions');

/** Tasks in this process: gone when it ends. Finished tasks are dropped, oldest first, at a limit. */
export interface MemoryStorage {
  readonly type: 'memory';
  /** Default 100,000. */
  readonly maxTasks?: number;
  /** Bytes of all events. Default 512 MiB. */
  readonly maxBytes?: number;
}

/** Tasks in Postgres 14 or newer; the tables are made and kept up to date at boot, under a lock. */
export interface PostgresStorage {
  readonly type: 'postgres';
  /** `postgres://user:password@host:5432/database`. */
  readonly url: string;
  /** Connections. Default 10. */
  readonly poolSize?: number;
}

export interface A2aModuleOptions {
  /** Where tasks live. Default memory. */
  storage?: MemoryStorage | PostgresStorage;
  /** Where clients reach this server, as cards say it. Default: the address it listens on. */
  publicUrl?: string;
  /** Body limit, keep-alive, version leniency. */
  http?: Partial<Omit<HttpTransportOptions, 'path'>>;
  /** Deadlines and limits of runs. */
  execution?: Partial<ExecutionOptions>;
}

/** What Nest must know before the options are: which routes to make and which storage to open. */
export interface A2aModuleExtras {
  /** Where all routes live. Default '/a2a'; '' is the root. */
  path?: string;
}
