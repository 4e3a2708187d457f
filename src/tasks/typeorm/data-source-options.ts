import type { DataSourceOptions } from 'typeorm';
import { SafeLogger } from '../../common/safe-logger.js';
import { A2A_MIGRATIONS } from '../../../migrations/index.js';
import { DEFAULT_POOL_SIZE } from '../pool-size.js';
import { DatabaseClient } from './database-client.js';
import { A2A_ENTITIES } from './entities/index.js';

export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

const logger = new SafeLogger('Database');

/**
 * Options of a DataSource for the stores: a pool of 10 connections (`poolSize`; the stores hold three more of their own), 5 s
 * to connect, TCP keep-alive after 10 s, `application_name` nest-a2a. Migrations are not run by TypeORM, which takes no lock for them:
 * call `runMigrations(dataSource)`.
 */
export function a2aDataSourceOptions(url: string, overrides: Partial<PostgresOptions> = {}): PostgresOptions {
  return {
    type: 'postgres',
    url,
    entities: A2A_ENTITIES,
    migrations: A2A_MIGRATIONS,
    migrationsTableName: 'a2a_migrations',
    migrationsRun: false,
    synchronize: false,
    installExtensions: false,
    applicationName: 'nest-a2a',
    connectTimeoutMS: 5_000,
    poolErrorHandler: (error: Error) => logger.warn(`An idle connection to the database broke: ${error.message}`),
    ...overrides,
    poolSize: overrides.poolSize ?? DEFAULT_POOL_SIZE,
    // Without a delay the system's own rules, and it waits for two hours.
    extra: {
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      Client: DatabaseClient,
      ...(overrides.extra as object | undefined),
    },
  };
}
