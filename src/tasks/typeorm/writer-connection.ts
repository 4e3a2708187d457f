import type pg from 'pg';
import { DatabaseClient } from './database-client.js';
import { TEXTUAL_JSON } from './database.js';
import { isConflict, isTransient } from './pg-errors.js';

/** How long a write may take before its connection is given up, in ms: a repeated one does no harm. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** For pools that set no limit. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Plans of the write statements are made once and kept. They must look rows up by index even when they were made while the
 * tables were empty, or each write would read whole tables until the next ANALYZE.
 */
const SESSION = `
  set enable_seqscan = off;
  set plan_cache_mode = force_generic_plan;
  set jit = off;
  set default_transaction_isolation = 'read committed'`;

/** A connection of its own beside the pool, for the prepared write statements. Opened when first used, and anew after errors. */
export class WriterConnection {
  readonly #options: pg.ClientConfig;
  #open?: { client: DatabaseClient; ready: Promise<unknown> };

  /** `statementTimeoutMs`: how long a statement, the first included, may take before the connection is given up. */
  constructor(
    options: pg.PoolConfig,
    private readonly statementTimeoutMs = STATEMENT_TIMEOUT_MS,
  ) {
    const { connectionTimeoutMillis } = options;
    this.#options = { ...options, connectionTimeoutMillis: connectionTimeoutMillis || CONNECT_TIMEOUT_MS };
  }

  async query<R extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<R[]> {
    const { client, ready } = (this.#open ??= this.#connect());
    try {
      await ready;
      return (await client.query<R>({ name, values, ...this.#statement(text) })).rows;
    } catch (error) {
      if (isTransient(error) && !isConflict(error)) this.#drop(client);
      throw error;
    }
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.client.end();
  }

  #connect(): { client: DatabaseClient; ready: Promise<unknown> } {
    const client = new DatabaseClient(this.#options);
    client.on('error', () => this.#drop(client));
    return { client, ready: client.connect().then(() => client.query(this.#statement(SESSION))) };
  }

  /** A server that dies right after it accepted, or whose network is gone, never answers. */
  #statement(text: string): pg.QueryConfig & { query_timeout: number } {
    return { text, types: TEXTUAL_JSON, query_timeout: this.statementTimeoutMs };
  }

  #drop(client: DatabaseClient): void {
    if (this.#open?.client === client) this.#open = undefined;
    // Not `end`: that says goodbye first.
    client.cut();
  }
}
