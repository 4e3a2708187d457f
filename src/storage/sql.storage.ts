import type { DataSourceOptions } from 'typeorm';
import { loadOptional } from '../common/load-optional.js';
import { DEFAULT_POOL_SIZE } from '../tasks/pool-size.js';
import type { SqlStoresOptions } from '../tasks/sql/core/sql-stores.options.js';
import type { MigrationsAtStart } from '../tasks/sql/migrations/migrations-at-start.js';
import type { A2aStorage, OpenStorage, StorageContext } from './a2a-storage.interface.js';
import { checkMigrationsOption } from './check-migrations-option.js';
import { checkUrl } from './check-url.js';

interface SharedOptions {
  /**
   * What is done about the tables at the start. 'run' (default): pending migrations are run, under a lock. 'check': the start fails
   * when there are any. 'off': nothing; an old schema then fails when it is used.
   */
  readonly migrations?: MigrationsAtStart;
}

/** Options of `mysqlStorage` and `mariadbStorage`. */
export interface MysqlStorageOptions extends SharedOptions {
  /** `mysql://user:password@host:3306/database`; the database exists. */
  readonly url: string;
  /** Connections, 2 or more. Default 10. */
  readonly poolSize?: number;
}

/** Options of `sqliteStorage`. */
export interface SqliteStorageOptions extends SharedOptions {
  /** Path of the file, which is made with its directory if it is not there. On a disk of this machine. */
  readonly file: string;
}

/**
 * Tasks in MySQL 8 or newer; the tables are made and kept up to date at the start. Takes the optional packages typeorm
 * and mysql2. Other processes hear of new events over a `redisBus()`, or by polling. Throws TypeError for options that make no
 * sense.
 */
export const mysqlStorage = (options: MysqlStorageOptions): A2aStorage => mysqlOrMariadb('mysql', options);

/** As `mysqlStorage`, in MariaDB 10.6 or newer. */
export const mariadbStorage = (options: MysqlStorageOptions): A2aStorage => mysqlOrMariadb('mariadb', options);

/** Tasks in a file, for one process. Takes the optional packages typeorm and better-sqlite3. Throws TypeError. */
export function sqliteStorage({ file, migrations }: SqliteStorageOptions): A2aStorage {
  if (typeof file !== 'string' || file.trim() === '' || file === ':memory:') {
    throw new TypeError("sqliteStorage needs a file, like sqliteStorage({ file: '/var/lib/a2a/tasks.db' }).");
  }
  checkMigrationsOption('sqliteStorage', migrations);
  const open = ({ commitAttempted }: StorageContext): Promise<OpenStorage> =>
    openSql("The storage 'sqlite'", { migrations, commitAttempted }, async () => {
      const { sqliteDataSource } = await import('../tasks/sql/sqlite/sqlite-data-source.js');
      return sqliteDataSource(file);
    });
  return { name: 'sqlite', shared: false, open };
}

function mysqlOrMariadb(
  type: 'mysql' | 'mariadb',
  { url, poolSize = DEFAULT_POOL_SIZE, migrations }: MysqlStorageOptions,
): A2aStorage {
  const example = `${type}Storage({ url: '${type}://user:password@host:3306/database' })`;
  checkUrl(url, /^(mysql|mariadb):\/\/[^/]+\/[^/?#]+/, example);
  // One connection has the lock while another brings the tables up to date.
  if (!Number.isInteger(poolSize) || poolSize < 2) {
    throw new TypeError(`${type}Storage needs a poolSize of 2 or more, but it is ${String(poolSize)}.`);
  }
  checkMigrationsOption(`${type}Storage`, migrations);
  const open = ({ commitAttempted }: StorageContext): Promise<OpenStorage> =>
    openSql(`The storage '${type}'`, { migrations, commitAttempted }, async () => {
      const { mysqlDataSource } = await import('../tasks/sql/mysql/mysql-data-source.js');
      return mysqlDataSource(type, url, { poolSize });
    });
  return { name: type, shared: true, open };
}

/** The drivers name themselves when they are not there. */
async function openSql(
  what: string,
  stores: Pick<SqlStoresOptions, 'migrations' | 'commitAttempted'>,
  options: () => Promise<DataSourceOptions>,
): Promise<OpenStorage> {
  const { openSqlStores } = await loadOptional(what, ['typeorm@1'], () => import('../tasks/sql/open-stores.js'));
  const { migrations, commitAttempted } = stores;
  const open = await openSqlStores(await options(), { ...(migrations && { migrations }), commitAttempted });
  const { dataSource } = open;
  return {
    ...open,
    ping: async () => void (await dataSource.query('select 1')),
    flush: () => open.tasks.close(),
  };
}
