import type { InjectionToken } from '@nestjs/common';
import type { TlsOptions } from 'node:tls';
import type { DataSource } from 'typeorm';
import { loadOptional } from '../common/load-optional.js';
import type { MigrationsAtStart } from '../tasks/sql/migrations/migrations-at-start.js';
import type { OpenPostgresOptions } from '../tasks/sql/postgres/open-postgres.js';
import type { A2aStorage } from './a2a-storage.interface.js';
import { checkMigrationsOption } from './check-migrations-option.js';
import { checkUrl } from './check-url.js';
import { isSchemaName, SCHEMA_NAME_RULE } from './schema-name.js';

interface SharedOptions {
  /**
   * What is done about the schema at the start, under a lock of the database. 'run' (default): pending migrations are run.
   * 'check': the start fails when there are any. 'off': nothing; an old schema then fails when it is used.
   */
  readonly migrations?: MigrationsAtStart;
}

/** Connections of the storage's own. */
export interface PostgresUrlOptions extends SharedOptions {
  /** `postgres://user:password@host:5432/database`. */
  readonly url: string;
  /** Asked for each new connection, in place of the URL's password: tokens that expire, secrets that change. */
  readonly password?: () => string | Promise<string>;
  /** true, or options of `tls.connect` (`ca`, `cert`, `key`, …). Default: as `sslmode` in the URL says, else none. */
  readonly ssl?: boolean | TlsOptions;
  /** The schema of the tables, which 'run' makes if it is not there. Default: the first of the role's `search_path`. */
  readonly schema?: string;
  /** Connections of the pool; the storage holds four more of its own. Default 10. */
  readonly poolSize?: number;
  readonly dataSource?: undefined;
}

/** A DataSource of the application: its pool is used, and four more connections with the same credentials. */
export interface PostgresDataSourceOptions extends SharedOptions {
  /**
   * An initialized TypeORM DataSource of type postgres, or with `forRoot` its injection token (`getDataSourceToken()`). It stays
   * open at shutdown. Each connection of its pool gets the session settings of this storage, among them its timeouts.
   */
  readonly dataSource: DataSource | InjectionToken<DataSource>;
}

/** Options of `postgresStorage`: a URL, or a DataSource of your own. */
export type PostgresStorageOptions = PostgresUrlOptions | PostgresDataSourceOptions;

const PACKAGES = ['pg@8', 'typeorm@1'];
const OPTIONS = ['url', 'password', 'ssl', 'schema', 'poolSize', 'migrations', 'dataSource'];
const OF_URL = ['url', 'password', 'ssl', 'schema', 'poolSize'] as const;
const EXAMPLE = "postgresStorage({ url: 'postgres://user:password@host:5432/database' })";

/**
 * Tasks in Postgres 14 or newer. Processes tell each other of new events by LISTEN/NOTIFY. Takes the optional packages pg and
 * typeorm. Throws TypeError for options that make no sense.
 */
export function postgresStorage(options: PostgresStorageOptions): A2aStorage {
  check(options);
  const { dataSource } = options;
  const inject = dataSource !== undefined && !isDataSource(dataSource) ? [dataSource] : [];
  return {
    name: 'postgres',
    shared: true,
    inject,
    open: async ({ commitAttempted }, given = dataSource) => {
      const { openPostgres, notifyBus } = await load();
      const { connection, ...open } = await openPostgres({ ...options, dataSource: given } as OpenPostgresOptions, {
        commitAttempted,
      });
      return { ...open, bus: notifyBus(connection) };
    },
  };
}

/**
 * Brings the schema up to date, as `postgresStorage` with migrations 'run' does at the start; for deployments that start it with
 * 'check'. Returns the names of the migrations that this call ran.
 */
export async function migratePostgres(options: PostgresUrlOptions): Promise<string[]> {
  check(options);
  return (await load()).migratePostgres(options);
}

const load = () =>
  loadOptional("The storage 'postgres'", PACKAGES, async () => ({
    ...(await import('../tasks/sql/postgres/open-postgres.js')),
    ...(await import('../events/bus/notify.bus.js')),
  }));

function isDataSource(value: DataSource | InjectionToken<DataSource>): value is DataSource {
  return typeof value === 'object' && 'isInitialized' in value;
}

function check(options: PostgresStorageOptions): void {
  const { url, dataSource, schema, password, poolSize = 1, migrations } = options as Partial<PostgresUrlOptions>;
  const refuse = (problem: string): never => {
    throw new TypeError(`postgresStorage: ${problem}.`);
  };
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) refuse(`${unknown} is not an option. There are ${OPTIONS.join(', ')}`);
  if (dataSource === undefined) checkUrl(url, /^postgres(ql)?:\/\//, EXAMPLE);
  else {
    const both = OF_URL.find((name) => (options as Partial<PostgresUrlOptions>)[name] !== undefined);
    if (both !== undefined) refuse(`${both} cannot be given with dataSource, whose own settings are used`);
  }
  if (schema !== undefined && !isSchemaName(schema)) refuse(`schema must be ${SCHEMA_NAME_RULE}`);
  if (password !== undefined && typeof password !== 'function') refuse('password must be a function, or be in the url');
  if (!Number.isInteger(poolSize) || poolSize < 1) refuse(`poolSize must be 1 or more, but is ${String(poolSize)}`);
  checkMigrationsOption('postgresStorage', migrations);
}
