import type pg from 'pg';
import { type Sql, raw, sql } from '../core/sql.js';
import type { SqlSession } from '../core/sql-database.interface.js';
import { postgresDialect } from './postgres.dialect.js';

type Send = <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<pg.QueryResult<R>>;

/** A setting of the transaction that holds a value until a statement uses it. */
const HELD = 'a2a.held';

/** One transaction. */
export class PostgresSession implements SqlSession {
  readonly dialect = postgresDialect;

  constructor(private readonly send: Send) {}

  async query<R extends object>(statement: Sql): Promise<R[]> {
    return (await this.#send<R & pg.QueryResultRow>(statement)).rows;
  }

  async run(statement: Sql): Promise<number> {
    return (await this.#send(statement)).rowCount ?? 0;
  }

  async insert(statement: Sql): Promise<number> {
    const { rows } = await this.#send<{ id: number }>(sql`${statement} returning id`);
    return rows[0]?.id ?? NaN;
  }

  async ahead(value: string): Promise<Sql> {
    await this.send(`select set_config('${HELD}', $1, true) is null as missing`, [value]);
    return raw(`current_setting('${HELD}')::json`);
  }

  #send<R extends pg.QueryResultRow>(statement: Sql): Promise<pg.QueryResult<R>> {
    const { text, values } = statement.compile(postgresDialect);
    return this.send<R>(text, values);
  }
}
