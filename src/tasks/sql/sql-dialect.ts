/** The differences between databases whose SQL is otherwise the same here. Times are integer milliseconds since the epoch. */
export interface SqlDialect {
  readonly family: 'mysql' | 'sqlite';
  /** The database's present time. */
  readonly now: string;
  /** Begins a transaction that writes. Each of its statements sees what was committed before the statement. */
  readonly begin: string;
  /** Begins a transaction that reads. All of its statements see one snapshot. */
  readonly beginView: readonly string[];
  /** Follows a select in a transaction that writes: locks the rows until its end. */
  readonly forUpdate: string;
  /** As `forUpdate`, for rows that nobody else has locked. */
  readonly skipLocked: string;
  /** There is one connection, for one user at a time. */
  readonly single: boolean;
}

/** MySQL 8 and MariaDB 10.6 or newer. */
export const mysqlDialect: SqlDialect = {
  family: 'mysql',
  // Independent of the session's time zone, in which one hour a year occurs twice.
  now: `(timestampdiff(microsecond, '1970-01-01 00:00:00', utc_timestamp(3)) div 1000)`,
  begin: 'start transaction',
  beginView: [
    'set transaction isolation level repeatable read',
    'start transaction with consistent snapshot, read only',
  ],
  forUpdate: 'for update',
  skipLocked: 'for update skip locked',
  single: false,
};

/** A transaction that writes locks the whole database from its beginning. */
export const sqliteDialect: SqlDialect = {
  family: 'sqlite',
  now: `(cast(strftime('%s', 'now') as integer) * 1000 + cast(substr(strftime('%f', 'now'), 4) as integer))`,
  begin: 'begin immediate',
  beginView: ['begin'],
  forUpdate: '',
  skipLocked: '',
  single: true,
};
