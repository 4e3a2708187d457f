/** How the databases differ whose SQL is otherwise the same here. Times are milliseconds since the epoch, in whole numbers. */
export interface SqlDialect {
  readonly family: 'mysql' | 'sqlite';
  /** The time of the database. */
  readonly now: string;
  /** Begins a transaction that writes; each of its statements sees what was committed until then. */
  readonly begin: string;
  /** Begins a transaction that reads, all of it at one moment. */
  readonly beginView: readonly string[];
  /** After a select in a transaction that writes: the rows stay as they are until its end. */
  readonly forUpdate: string;
  /** The same of rows that nobody else holds. */
  readonly skipLocked: string;
  /** One connection, for one user at a time. */
  readonly single: boolean;
}

/** MySQL 8 and MariaDB 10.6 or newer. */
export const mysqlDialect: SqlDialect = {
  family: 'mysql',
  // Without the session's time zone, in which an hour a year comes twice.
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

/** A transaction that writes has the whole database, from its beginning. */
export const sqliteDialect: SqlDialect = {
  family: 'sqlite',
  now: `(cast(strftime('%s', 'now') as integer) * 1000 + cast(substr(strftime('%f', 'now'), 4) as integer))`,
  begin: 'begin immediate',
  beginView: ['begin'],
  forUpdate: '',
  skipLocked: '',
  single: true,
};
