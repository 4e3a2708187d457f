import type { QueryRunner } from 'typeorm';
import type { SqlDialect } from './sql-dialect.js';
import { PacketTooLargeError } from './sql-errors.js';

export type SqlValue = string | number | null | undefined;

/** One connection, for the duration of one piece of work. Parameters are `?`. */
export class SqlSession {
  constructor(
    private readonly runner: QueryRunner,
    readonly dialect: SqlDialect,
    /** The most bytes that the server accepts in one statement. */
    private readonly maxPacket: number,
  ) {}

  async query<R extends object>(sql: string, values: readonly SqlValue[] = []): Promise<R[]> {
    return (await this.#send(sql, values)).records as R[];
  }

  /** Returns how many rows matched. */
  async run(sql: string, values: readonly SqlValue[] = []): Promise<number> {
    return (await this.#send(sql, values)).affected ?? 0;
  }

  async #send(sql: string, values: readonly SqlValue[]): Promise<{ records: unknown[]; affected?: number }> {
    if (packetSize(sql, values, this.maxPacket) > this.maxPacket) throw new PacketTooLargeError(this.maxPacket);
    const given = values.map((value) => value ?? null);
    return this.runner.query(sql, given, true);
  }
}

/** Characters that take two bytes when they are written into a statement. */
const ESCAPED = new Set(['\0', '\b', '\t', '\n', '\r', '\u001a', '"', "'", '\\']);
/** Per value: quotes and a comma; per statement: a header. */
const [VALUE_OVERHEAD, OVERHEAD] = [32, 64];

/** Bytes of a statement with its values written into it. An estimate from above, as long as that fits. */
function packetSize(sql: string, values: readonly SqlValue[], limit: number): number {
  if (limit === Infinity) return 0;
  const texts = values.filter((value) => typeof value === 'string');
  const plain = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const rest = Buffer.byteLength(sql) + OVERHEAD + values.length * VALUE_OVERHEAD;
  if (plain * 2 + rest <= limit) return plain * 2 + rest;
  return texts.reduce((sum, text) => sum + escapedIn(text), plain + rest);
}

function escapedIn(text: string): number {
  let count = 0;
  for (const character of text) if (ESCAPED.has(character)) count++;
  return count;
}
