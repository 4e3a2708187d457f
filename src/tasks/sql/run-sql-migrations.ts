import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { isMysql } from './open-database.js';
import { isConflict } from './sql-errors.js';

const LOCK = 'nest-a2a migrations';
/** How long another process may take with them, in seconds. */
const LOCK_TIMEOUT_S = 300;

/**
 * Brings the schema up to date; returns the names of the migrations that were run. Processes that start at once take turns: on
 * MySQL under a lock, which ends with the connection that has it; in a SQLite file by its own lock.
 */
export async function runSqlMigrations(dataSource: DataSource): Promise<string[]> {
  const run = async (): Promise<string[]> => {
    const done = await dataSource.runMigrations({ transaction: 'each' });
    return done.map(({ name }) => name);
  };
  return isMysql(dataSource) ? underLock(dataSource, run) : repeated(run);
}

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

/** Whoever meets another process that is at it finds it done when it comes again. */
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
