import pg from 'pg';
import { STATEMENT_TIMEOUT_MS, TEXTUAL_JSON } from './database.js';
import { isConflict, isTransient } from './pg-errors.js';

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
  #open?: { client: pg.Client; ready: Promise<unknown> };

  constructor(private readonly options: pg.PoolConfig) {}

  async query<R extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<R[]> {
    const { client, ready } = (this.#open ??= this.#connect());
    try {
      await ready;
      const config = { name, text, values, types: TEXTUAL_JSON, query_timeout: STATEMENT_TIMEOUT_MS };
      return (await client.query<R>(config)).rows;
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

  #connect(): { client: pg.Client; ready: Promise<unknown> } {
    const client = new pg.Client(this.options);
    client.on('error', () => this.#drop(client));
    // A server that dies right after it accepted may never answer.
    const session: pg.QueryConfig & { query_timeout: number } = { text: SESSION, query_timeout: STATEMENT_TIMEOUT_MS };
    return { client, ready: client.connect().then(() => client.query(session)) };
  }

  #drop(client: pg.Client): void {
    if (this.#open?.client === client) this.#open = undefined;
    // Not `end`: that waits for a server which may be silent. A statement in flight fails at once.
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }
}
