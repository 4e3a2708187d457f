import type { DataSourceOptions } from 'typeorm';
import { SafeLogger } from '../../../common/safe-logger.js';
import { A2A_MIGRATIONS } from '../../../../migrations/index.js';
import { entitiesOf } from '../entities/entities.js';
import { DEFAULT_POOL_SIZE } from '../../pool-size.js';
import { loadDriver } from '../core/load-driver.js';

export type MysqlOptions = Extract<DataSourceOptions, { type: 'mysql' | 'mariadb' }>;

interface MysqlConnection {
  query(sql: string, done: (error: Error | null) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  destroy(): void;
}

interface MysqlDriver {
  createPool(options: object): { on(event: 'connection', listener: (connection: MysqlConnection) => void): void };
}

/**
 * Overrides the server's defaults: a value that does not fit is an error instead of being cut, backslashes escape as the driver
 * expects, statements see what is committed, lists of keys are joined whole, and lock waits are short.
 */
const SESSION = `set session sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 5,
  group_concat_max_len = 1048576`;
const ISOLATION = `set session transaction isolation level read committed`;

/** How long a statement may take before its connection is closed, in ms. */
const STATEMENT_TIMEOUT_MS = 30_000;

const logger = new SafeLogger('Database');

/**
 * Options of a DataSource for the stores on MySQL 8 or MariaDB 10.6 and newer: a pool of 10 connections (`poolSize`), 5 s to
 * connect, 30 s for a statement. Migrations are not run by TypeORM, which takes no lock for them: call `runSqlMigrations`.
 */
export async function mysqlDataSource(
  type: 'mysql' | 'mariadb',
  url: string,
  { poolSize = DEFAULT_POOL_SIZE }: { readonly poolSize?: number } = {},
): Promise<MysqlOptions> {
  const driver = await loadDriver<MysqlDriver>('mysql2', `storage '${type}'`, 3);
  return {
    type,
    // TypeORM takes the part before the colon as the type.
    url: url.replace(/^[a-z]+:/, `${type}:`),
    driver: withSession(driver),
    entities: entitiesOf('mysql'),
    migrations: A2A_MIGRATIONS,
    migrationsTableName: 'a2a_migrations',
    migrationsRun: false,
    synchronize: false,
    poolSize,
    connectTimeout: 5_000,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    // Our values stay far below 2^53.
    bigNumberStrings: false,
    enableQueryTimeout: true,
    maxQueryExecutionTime: STATEMENT_TIMEOUT_MS,
    extra: { enableKeepAlive: true, keepAliveInitialDelay: 10_000 },
  };
}

/** The driver, with our session settings on each new connection. */
const withSession = (driver: MysqlDriver): MysqlDriver => ({
  ...driver,
  createPool: (options) => {
    const pool = driver.createPool(options);
    pool.on('connection', (connection) => {
      connection.on('error', (error) => logger.warn(`A connection to the database broke: ${error.message}`));
      for (const sql of [SESSION, ISOLATION]) connection.query(sql, (error) => error && connection.destroy());
    });
    return pool;
  },
});
