import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { isMysql } from './is-mysql.js';
import { isConflict } from './core/driver-errors.js';
import { revertLast } from './migrations/revert-last.js';

const LOCK = 'nest-a2a migrations';
/** How long to wait for the migrations of another process, in seconds. */
const LOCK_TIMEOUT_S = 300;

/**
 * Migrates the schema; returns the names of the migrations that were run. Processes that start at the same time take turns: on
 * MySQL with a lock that ends with its connection; in a SQLite file with the file's own lock.
 */
export const runSqlMigrations = (dataSource: DataSource): Promise<string[]> =>
  inTurn(dataSource, async () => (await dataSource.runMigrations({ transaction: 'each' })).map(({ name }) => name));

/** See `revertLast`. */
export const revertSqlMigration = (dataSource: DataSource, name: string): Promise<void> =>
  inTurn(dataSource, () => revertLast(dataSource, name));

const inTurn = <T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> =>
  isMysql(dataSource) ? underLock(dataSource, work) : repeated(work);

async function underLock<T>(dataSource: DataSource, run: () => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const [row] = (await runner.query(`select get_lock(?, ?) as got`, [LOCK, LOCK_TIMEOUT_S])) as { got: unknown }[];
    if (Number(row?.got) !== 1) throw new Error('Another process has been migrating the database for too long.');
    try {
      return await run();
    } finally {
      await runner.query(`select release_lock(?)`, [LOCK]);
    }
  } finally {
    await runner.release();
  }
}

/** After a conflict with another process that migrates, the next try finds the migrations done. */
async function repeated<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (!isConflict(error) || tries === 50) throw error;
      await sleep(100);
    }
  }
}
