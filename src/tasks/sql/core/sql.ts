import type { SqlDialect } from './dialect.interface.js';

export type SqlValue = string | number | boolean | null | undefined;

/** SQL whose text depends on the database. */
export type Fragment = (dialect: SqlDialect) => Sql;

type Part = Sql | Fragment | SqlValue | readonly (string | number)[];

/** A statement, or a part of one: texts, and what stands between them. Values are sent as parameters. */
export class Sql {
  constructor(
    private readonly texts: readonly string[],
    private readonly parts: readonly Part[],
  ) {}

  /** The text in the words of a database, and the values of its placeholders. */
  compile(dialect: SqlDialect): Compiled {
    const values: unknown[] = [];
    return { text: this.#write(dialect, values), values };
  }

  #write(dialect: SqlDialect, values: unknown[]): string {
    let text = this.texts[0] ?? '';
    for (const [index, part] of this.parts.entries()) text += written(part, dialect, values) + this.texts[index + 1];
    return text;
  }

  static write(sql: Sql, dialect: SqlDialect, values: unknown[]): string {
    return sql.#write(dialect, values);
  }
}

export interface Compiled {
  readonly text: string;
  readonly values: unknown[];
}

function written(part: Part, dialect: SqlDialect, values: unknown[]): string {
  if (part instanceof Sql) return Sql.write(part, dialect, values);
  if (typeof part === 'function') return Sql.write(part(dialect), dialect, values);
  values.push(part ?? null);
  return dialect.placeholder(values.length);
}

/** A statement as a template: what is filled in is a value, unless it is SQL itself. */
export const sql = (texts: TemplateStringsArray, ...parts: Part[]): Sql => new Sql(texts, parts);

/** Text of our own as SQL. Never a client's. */
export const raw = (text: string): Sql => new Sql([text], []);

export const join = (parts: readonly Part[], separator = ', '): Sql =>
  parts.length === 0 ? raw('') : new Sql(['', ...Array.from({ length: parts.length - 1 }, () => separator), ''], parts);

/** The database's present time. */
export const NOW: Fragment = ({ now }) => raw(now);

/** So many ms after a time. Default: the present. */
export const later =
  (ms: number, time: Sql | Fragment = NOW): Fragment =>
  (dialect) =>
    dialect.later(typeof time === 'function' ? time(dialect) : time, ms);

/** A time as a value: ms since the epoch, or RFC 3339. */
export const timeValue =
  (time: number | string): Fragment =>
  (dialect) =>
    sql`${dialect.time(time)}`;

/** `in (…)`, or an equivalent. No value: it matches nothing. */
export const among =
  (values: readonly (string | number)[]): Fragment =>
  (dialect) =>
    dialect.among(values);

/** Follows a select in a transaction: locks the rows until its end. */
export const FOR_UPDATE: Fragment = ({ forUpdate }) => raw(forUpdate);

/** As FOR_UPDATE, for rows that nobody else has locked. */
export const SKIP_LOCKED: Fragment = ({ skipLocked }) => raw(skipLocked);
