import type { TlsOptions } from 'node:tls';
import type { DataSource, DataSourceOptions } from 'typeorm';
import pg from 'pg';
import { definedOptions } from '../../../common/number-options.js';
import { SafeLogger } from '../../../common/safe-logger.js';
import { A2A_MIGRATIONS } from '../../../../migrations/index.js';
import { DEFAULT_POOL_SIZE } from '../../pool-size.js';
import { DatabaseClient } from './database-client.js';
import { entitiesOf } from '../entities/entities.js';

export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

const logger = new SafeLogger('Database');

/** As DataSourceOptions, and also with functions that return the password of each new connection. */
export interface PostgresOverrides extends Partial<Omit<PostgresOptions, 'password' | 'ssl'>> {
  readonly password?: string | (() => string | Promise<string>);
  readonly ssl?: boolean | TlsOptions;
}

/**
 * Options of a DataSource for the stores: a pool of 10 connections (`poolSize`; the stores open three more of their own), 5 s to
 * connect, TCP keep-alive after 10 s, `application_name` nest-a2a. TypeORM does not run the migrations, because it takes no lock
 * for them: call `runMigrations(dataSource)`. With a `schema`, each connection has it as its `search_path`.
 */
export function a2aDataSourceOptions(url: string, overrides: PostgresOverrides = {}): PostgresOptions {
  const { schema } = overrides;
  return {
    type: 'postgres',
    url,
    entities: entitiesOf('postgres'),
    migrations: A2A_MIGRATIONS,
    migrationsTableName: 'a2a_migrations',
    migrationsRun: false,
    synchronize: false,
    installExtensions: false,
    applicationName: 'nest-a2a',
    connectTimeoutMS: 5_000,
    poolErrorHandler: (error: Error) => logger.warn(`An idle connection to the database broke: ${error.message}`),
    ...(definedOptions(overrides) as Partial<PostgresOptions>),
    poolSize: overrides.poolSize ?? DEFAULT_POOL_SIZE,
    // Without a delay the system's defaults apply: two hours.
    extra: {
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      Client: DatabaseClient,
      ...(schema !== undefined && { session: { search_path: pg.escapeIdentifier(schema) } }),
      ...(overrides.extra as object | undefined),
    },
  };
}

/**
 * Options of a DataSource that runs our migrations on the database of an application's DataSource. Its `schema` is left out:
 * tables are created where the `search_path` of its connections points.
 */
export function migrationDataSourceOptions({ options }: DataSource): PostgresOptions {
  const { schema: _schema, extra, ...application } = options as PostgresOptions;
  return {
    ...application,
    entities: [],
    subscribers: [],
    migrations: A2A_MIGRATIONS,
    migrationsTableName: 'a2a_migrations',
    migrationsRun: false,
    synchronize: false,
    dropSchema: false,
    installExtensions: false,
    cache: false,
    poolSize: 2,
    extra: { ...(extra as object | undefined), max: 2, Client: DatabaseClient },
  };
}
