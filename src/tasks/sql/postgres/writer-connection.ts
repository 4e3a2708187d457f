import type pg from 'pg';
import { Mutex } from '../../../common/mutex.js';
import { connectionConfig, DatabaseClient, type DatabaseClientConfig } from './database-client.js';
import { TEXTUAL_JSON } from './textual-json.js';
import { isConflict, isLocked, isTransient } from './pg-errors.js';
import { LOCK_TIMEOUT_MS } from './session-settings.js';

/** How long a write may take before its connection is closed, in ms. Repeating a write does no harm. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** For pools that set no limit. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Plans of the write statements are made once and kept. They must use indexes even when they were made while the tables were
 * empty; otherwise each write would read whole tables until the next ANALYZE.
 */
const PLANS = { enable_seqscan: 'off', plan_cache_mode: 'force_generic_plan', jit: 'off' } as const;

export interface WriterConnectionOptions {
  /** How long a statement, the first included, may take before the connection is closed, in ms. Default 10 s. */
  readonly statementTimeoutMs?: number;
  /** How long a statement waits for a locked row, in ms. Default: as for all connections. */
  readonly lockTimeoutMs?: number;
}

/** A connection besides the pool for the prepared write statements, one at a time. Opened on first use, and again after errors. */
export class WriterConnection {
  readonly #options: DatabaseClientConfig;
  readonly #statementTimeoutMs: number;
  readonly #mutex = new Mutex();
  #open?: { client: DatabaseClient; ready: Promise<unknown> };

  constructor(
    options: pg.PoolConfig & DatabaseClientConfig,
    { statementTimeoutMs = STATEMENT_TIMEOUT_MS, lockTimeoutMs = LOCK_TIMEOUT_MS }: WriterConnectionOptions = {},
  ) {
    const { connectionTimeoutMillis, session } = options;
    this.#statementTimeoutMs = statementTimeoutMs;
    this.#options = {
      ...connectionConfig(options),
      connectionTimeoutMillis: connectionTimeoutMillis || CONNECT_TIMEOUT_MS,
      session: { ...session, ...PLANS, statement_timeout: statementTimeoutMs, lock_timeout: lockTimeoutMs },
    };
  }

  /** The driver takes one statement at a time: statements would pile up on a connection that hangs. */
  async query<R extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<R[]> {
    return (await this.send<R>({ name, text, values })).rows;
  }

  send<R extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<R>> {
    return this.#mutex.runExclusive(() => this.#send<R>(statement));
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.client.end();
  }

  async #send<R extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<R>> {
    const { client, ready } = (this.#open ??= this.#connect());
    // A server that dies right after it accepted the connection, or whose network is gone, never answers.
    const limited: pg.QueryConfig & { query_timeout: number } = {
      types: TEXTUAL_JSON,
      query_timeout: this.#statementTimeoutMs,
      ...statement,
    };
    try {
      await ready;
      return await client.query<R>(limited);
    } catch (error) {
      if (isTransient(error) && !isConflict(error) && !isLocked(error)) this.#drop(client);
      throw error;
    }
  }

  #connect(): { client: DatabaseClient; ready: Promise<unknown> } {
    const client = new DatabaseClient(this.#options);
    client.on('error', () => this.#drop(client));
    return { client, ready: client.connect() };
  }

  #drop(client: DatabaseClient): void {
    if (this.#open?.client === client) this.#open = undefined;
    // Not `end`: that sends a terminate message first.
    client.cut();
  }
}
