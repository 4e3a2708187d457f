import pg from 'pg';
import type { DataSource } from 'typeorm';
import { RowGate } from '../core/row-gate.js';
import type { Sql } from '../core/sql.js';
import type { SqlDatabase, SqlSession } from '../core/sql-database.interface.js';
import { UNCOMMITTED_RETRIES, UncommittedError } from '../core/uncommitted.error.js';
import { adoptPool } from './adopt-pool.js';
import type { DatabaseClientConfig } from './database-client.js';
import { isBroken, isConflict, isTimeout, storageError } from './pg-errors.js';
import { postgresDialect } from './postgres.dialect.js';
import { PostgresSession } from './postgres.session.js';
import { TEXTUAL_JSON } from './textual-json.js';

/** How long a statement may take before its connection is closed, in ms. */
const STATEMENT_TIMEOUT_MS = 30_000;

const CONFLICT_RETRIES = 5;

/**
 * The connection pool of a TypeORM DataSource, used directly: each statement has a limit of time and keeps JSON as text, also on
 * the pool of an application.
 */
export class PostgresDatabase implements SqlDatabase {
  readonly dialect = postgresDialect;
  readonly #gate: RowGate;

  constructor(
    readonly pool: pg.Pool & { readonly options: DatabaseClientConfig },
    readonly statementTimeoutMs = STATEMENT_TIMEOUT_MS,
  ) {
    this.#gate = RowGate.ofPool(pool.options.max ?? 10);
  }

  static of(dataSource: DataSource, statementTimeoutMs?: number): PostgresDatabase {
    const { master } = dataSource.driver as unknown as { master?: PostgresDatabase['pool'] };
    if (dataSource.options.type !== 'postgres' || !master) {
      throw new Error('The stores need an initialized TypeORM DataSource of type postgres.');
    }
    adoptPool(master);
    return new PostgresDatabase(master, statementTimeoutMs);
  }

  async query<R extends object>(statement: Sql): Promise<R[]> {
    const { text, values } = statement.compile(postgresDialect);
    return (await this.send<R & pg.QueryResultRow>(text, values)).rows;
  }

  async run(statement: Sql): Promise<number> {
    const { text, values } = statement.compile(postgresDialect);
    return (await this.send(text, values)).rowCount ?? 0;
  }

  /** One statement in the words of Postgres. */
  async send<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<R>> {
    try {
      return await this.pool.query<R>(this.#statement(text, values));
    } catch (error) {
      throw storageError(error);
    }
  }

  writeTask<T>(taskId: string, work: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.#gate.runExclusive(taskId, () => this.write(work));
  }

  async write<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    let [conflicts, losses] = [0, 0];
    for (;;) {
      try {
        return await this.#once(work);
      } catch (error) {
        if (isConflict(error) && conflicts++ < CONFLICT_RETRIES) continue;
        const lost = error instanceof UncommittedError;
        if (lost && losses++ < UNCOMMITTED_RETRIES) continue;
        throw storageError(lost ? error.cause : error);
      }
    }
  }

  async #once<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    let committing = false;
    const send = async <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => {
      try {
        return await client.query<R>(this.#statement(text, values));
      } catch (error) {
        // The server did not answer, or closes the connection: the next statement would wait for whatever is still on its way.
        if (isBroken(error)) broken = error as Error;
        throw error;
      }
    };
    try {
      await send('begin isolation level read committed');
      const result = await work(new PostgresSession(send));
      committing = true;
      await send('commit');
      return result;
    } catch (error) {
      if (broken && !committing && !isTimeout(broken)) throw new UncommittedError(error);
      if (!broken) await send('rollback').catch((failed: Error) => (broken ??= failed));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  #statement(text: string, values?: unknown[]): pg.QueryConfig & { query_timeout: number } {
    return { text, values, types: TEXTUAL_JSON, query_timeout: this.statementTimeoutMs };
  }
}
