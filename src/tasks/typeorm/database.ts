import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { DatabaseClientConfig } from './database-client.js';
import { isConflict, sqlState, storageError } from './pg-errors.js';
import { RowGate } from './row-gate.js';
import { adoptPool } from './adopt-pool.js';

export type Query = <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<R[]>;

const JSON_OID = 114;
const INT8_OID = 20;

/** Columns of type json arrive as unchanged text; bigint as number (our values stay far below 2^53). */
export const TEXTUAL_JSON: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === JSON_OID) return (text: string) => text;
    if (oid === INT8_OID) return Number;
    return pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser,
};

/** How long a statement may take before its connection is closed, in ms. */
const STATEMENT_TIMEOUT_MS = 30_000;

const CONFLICT_RETRIES = 5;

/** Plain SQL on the connection pool of a TypeORM DataSource. Throws A2AError UNAVAILABLE while the database is unavailable. */
export class Database {
  /** For calls that may wait for the lock of a task's row: they get half of the connections. */
  readonly #gate: RowGate;

  constructor(
    readonly pool: pg.Pool & { readonly options: DatabaseClientConfig },
    readonly statementTimeoutMs = STATEMENT_TIMEOUT_MS,
  ) {
    this.#gate = new RowGate(Math.max(1, Math.floor((pool.options.max ?? 10) / 2)));
  }

  static of(dataSource: DataSource, statementTimeoutMs?: number): Database {
    const { master } = dataSource.driver as unknown as { master?: Database['pool'] };
    if (dataSource.options.type !== 'postgres' || !master) {
      throw new Error('The stores need an initialized TypeORM DataSource of type postgres.');
    }
    adoptPool(master);
    return new Database(master, statementTimeoutMs);
  }

  readonly query: Query = async <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => {
    try {
      return (await this.pool.query<R>(this.#statement(text, values))).rows;
    } catch (error) {
      throw storageError(error);
    }
  };

  /** Runs one statement that locks the row of a task. Throws TaskLockedError when another session keeps it locked. */
  queryTask<R extends pg.QueryResultRow>(taskId: string, text: string, values?: unknown[]): Promise<R[]> {
    return this.#gate.pass(taskId, () => this.query<R>(text, values));
  }

  /** Runs a transaction that locks the row of a task. Throws TaskLockedError when another session keeps it locked. */
  transactionOn<T>(taskId: string, work: (query: Query) => Promise<T>): Promise<T> {
    return this.#gate.pass(taskId, () => this.transaction(work));
  }

  /** Runs `work` in one READ COMMITTED transaction. Repeats it after a deadlock. */
  async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    for (let retries = 0; ; retries++) {
      try {
        return await this.#once(work);
      } catch (error) {
        if (!isConflict(error) || retries === CONFLICT_RETRIES) throw storageError(error);
      }
    }
  }

  async #once<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    const query: Query = async <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => {
      try {
        return (await client.query<R>(this.#statement(text, values))).rows;
      } catch (error) {
        // The server did not answer: the next statement would wait for whatever is still on its way.
        if (sqlState(error) === undefined) broken = error as Error;
        throw error;
      }
    };
    try {
      await query('begin isolation level read committed');
      const result = await work(query);
      await query('commit');
      return result;
    } catch (error) {
      if (!broken) await query('rollback').catch((failed: Error) => (broken ??= failed));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  #statement(text: string, values?: unknown[]): pg.QueryConfig & { query_timeout: number } {
    return { text, values, types: TEXTUAL_JSON, query_timeout: this.statementTimeoutMs };
  }
}
