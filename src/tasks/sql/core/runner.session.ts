import type { QueryResult, QueryRunner } from 'typeorm';
import type { SqlDialect } from './dialect.interface.js';
import { PacketTooLargeError } from './driver-errors.js';
import { type Sql, raw, sql } from './sql.js';
import type { SqlSession } from './sql-database.interface.js';

/** A query runner of TypeORM, for the duration of one piece of work. */
export class RunnerSession implements SqlSession {
  constructor(
    private readonly runner: QueryRunner,
    readonly dialect: SqlDialect,
    /** The most bytes that the server accepts in one statement. */
    private readonly maxPacket: number,
  ) {}

  async query<R extends object>(statement: Sql): Promise<R[]> {
    return (await this.#send(statement)).records as R[];
  }

  async run(statement: Sql): Promise<number> {
    return (await this.#send(statement)).affected ?? 0;
  }

  async insert(statement: Sql): Promise<number> {
    await this.run(statement);
    const last = this.dialect.family === 'mysql' ? 'last_insert_id()' : 'last_insert_rowid()';
    const [row] = await this.query<{ id: number }>(sql`select ${raw(last)} as id`);
    return Number(row?.id);
  }

  async ahead(value: string): Promise<Sql> {
    // A SQLite is in this process.
    if (this.dialect.family !== 'mysql') return sql`${value}`;
    await this.run(sql`set @a2a_held = ${value}`);
    return raw('@a2a_held');
  }

  #send(statement: Sql): Promise<QueryResult> {
    const { text, values } = statement.compile(this.dialect);
    if (packetSize(text, values, this.maxPacket) > this.maxPacket) throw new PacketTooLargeError(this.maxPacket);
    return this.runner.query(text, values.map(plain), true);
  }
}

/** SQLite takes no booleans. */
const plain = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value);

/** Characters that take two bytes when they are written into a statement. */
const ESCAPED = new Set(['\0', '\b', '\t', '\n', '\r', '\u001a', '"', "'", '\\']);
/** Per value: quotes and a comma; per statement: a header. */
const [VALUE_OVERHEAD, OVERHEAD] = [32, 64];

/** Bytes of a statement with its values written into it. An estimate from above, as long as that fits. */
function packetSize(text: string, values: readonly unknown[], limit: number): number {
  if (limit === Infinity) return 0;
  const texts = values.filter((value) => typeof value === 'string');
  const bytes = texts.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  const rest = Buffer.byteLength(text) + OVERHEAD + values.length * VALUE_OVERHEAD;
  if (bytes * 2 + rest <= limit) return bytes * 2 + rest;
  return texts.reduce((sum, each) => sum + escapedIn(each), bytes + rest);
}

function escapedIn(text: string): number {
  let count = 0;
  for (const character of text) if (ESCAPED.has(character)) count++;
  return count;
}
