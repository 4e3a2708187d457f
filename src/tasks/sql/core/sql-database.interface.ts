import type { SqlDialect } from './dialect.interface.js';
import type { Sql } from './sql.js';

/** One connection, for the duration of one transaction. */
export interface SqlSession {
  readonly dialect: SqlDialect;
  /** Rows of a select. */
  query<R extends object>(statement: Sql): Promise<R[]>;
  /** Returns how many rows matched. */
  run(statement: Sql): Promise<number>;
  /** Inserts a row and returns the id that the database gave it. */
  insert(statement: Sql): Promise<number>;
  /**
   * Sends a large value before anything is locked: it may take long to arrive, or never arrive whole. Returns what stands for it
   * in later statements of the transaction.
   */
  ahead(value: string): Promise<Sql>;
}

/** A database. Throws A2AError UNAVAILABLE while it is unavailable. */
export interface SqlDatabase {
  readonly dialect: SqlDialect;
  /** One select. It sees one snapshot of the database. */
  query<R extends object>(statement: Sql): Promise<R[]>;
  /** One statement that writes and may be repeated. Returns how many rows matched. */
  run(statement: Sql): Promise<number>;
  /**
   * A transaction, in which each statement sees what was committed before the statement. `work` runs again after a deadlock, so it
   * must not change anything outside.
   */
  write<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  /**
   * A transaction that first locks the row of a task. Calls that wait for a locked row get a part of the connections, and one for
   * each task. Throws TaskLockedError when another session keeps it locked.
   */
  writeTask<T>(taskId: string, work: (session: SqlSession) => Promise<T>): Promise<T>;
}
