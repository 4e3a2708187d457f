import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DataSourceOptions } from 'typeorm';
import { A2A_MIGRATIONS } from '../../../../migrations/index.js';
import { entitiesOf } from '../entities/entities.js';
import { loadDriver } from '../core/load-driver.js';

export type SqliteOptions = Extract<DataSourceOptions, { type: 'better-sqlite3' | 'sqljs' }>;

interface SqliteDatabase {
  pragma(text: string): unknown;
}

const COMMON = {
  entities: entitiesOf('sqlite'),
  migrations: A2A_MIGRATIONS,
  migrationsTableName: 'a2a_migrations',
  migrationsRun: false,
  synchronize: false,
} as const;

/**
 * Options of a DataSource for the stores in a SQLite file; the directory is created if needed. Committed data survives a power
 * loss (WAL, synchronous = full).
 */
export async function sqliteDataSource(file: string): Promise<SqliteOptions> {
  const driver = await loadDriver<object>('better-sqlite3', `storage 'better-sqlite3'`, 12);
  const database = resolve(file);
  await mkdir(dirname(database), { recursive: true });
  // The file holds user content and secrets of webhooks. The files that SQLite creates next to it get the same mode.
  await (await open(database, 'a', 0o600)).close();
  return {
    type: 'better-sqlite3',
    database,
    driver,
    enableWAL: true,
    // Applies while the schema is migrated. After that nothing waits in the thread, see RunnerDatabase.
    timeout: 10_000,
    prepareDatabase: (database: SqliteDatabase) => void database.pragma('synchronous = full'),
    ...COMMON,
  };
}

/** The same in memory, with SQLite as WebAssembly: for tests on machines without the native module. Nothing is persisted. */
export async function sqljsDataSource(): Promise<SqliteOptions> {
  const init = await loadDriver<(config: object) => Promise<object>>('sql.js', `storage 'sqljs'`, 1);
  return { type: 'sqljs', driver: await init({}), ...COMMON };
}
