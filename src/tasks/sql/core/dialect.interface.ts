import type { Sql, SqlValue } from './sql.js';

/**
 * What differs between databases. Statements that are written once in `core` use nothing else; a database has own statements only
 * where one of its own is much faster.
 */
export interface SqlDialect {
  readonly family: 'postgres' | 'mysql' | 'sqlite';
  /** The placeholder of the value with this number; the first is 1. */
  placeholder(number: number): string;
  /** The database's present time in whole milliseconds, in the type of the time columns. */
  readonly now: string;
  /** So many ms after a time. */
  later(time: Sql, ms: number): Sql;
  /** A time, in ms since the epoch or as RFC 3339, as a value. */
  time(time: number | string): SqlValue;
  among(values: readonly (string | number)[]): Sql;
  /** Follows a select in a transaction that writes: locks the rows until its end. */
  readonly forUpdate: string;
  /** As `forUpdate`, for rows that nobody else has locked. */
  readonly skipLocked: string;
  /** Follows a select in a transaction that writes: nobody deletes the row until its end, but it may be changed if that is possible. */
  readonly keepRow: string;
  /** All values of a column of a group, with commas between them; null when there are none. */
  joined(column: string): string;
  /** Follows an insert: these columns are set in the row that has the same key already. */
  onConflict(key: readonly string[], set: readonly string[]): string;
  /** As `onConflict`, but a row whose `version` is not smaller stays as it is. */
  keepNewer(table: string, key: string, version: string, set: readonly string[]): string;
  /** Of a time: the minutes since the epoch. */
  minute(time: string): string;
  /** There is one connection, for one user at a time. */
  readonly single: boolean;
  /** Whether the same work may succeed later. Every error that does not blame the values counts. */
  isTransient(error: unknown): boolean;
  /** Whether a key already exists. */
  isDuplicate(error: unknown): boolean;
  /** Whether another session has locked a row for too long. */
  isLocked(error: unknown): boolean;
  /** Why the database does not take a value of a client; undefined: that is not the reason. */
  refusal(error: unknown): string | undefined;
}
