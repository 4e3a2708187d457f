import { REDIS_DEFAULTS } from '../../tasks/redis/redis-stores.options.js';
import type { MysqlStorageOptions, SqliteStorageOptions } from '../../storage/sql.storage.js';
import type { RedisBusOptions } from '../../events/bus/redis.bus.js';
import type { PostgresUrlOptions } from '../../storage/postgres.storage.js';
import type { RedisStorageOptions } from '../../storage/redis.storage.js';
import type { Environment } from './environment.js';
import { isMysqlUrl, isSqliteFile } from './values.js';

/** Which storage, with its options. */
export type ServiceStorage =
  | { readonly type: 'memory' }
  | ({ readonly type: 'postgres' } & PostgresUrlOptions)
  | ({ readonly type: 'mysql' | 'mariadb' } & MysqlStorageOptions)
  | ({ readonly type: 'sqlite' } & SqliteStorageOptions)
  | ({ readonly type: 'redis' } & RedisStorageOptions);

/** 'default': what the storage brings. */
export type ServiceBus = { readonly type: 'in-process' | 'default' } | ({ readonly type: 'redis' } & RedisBusOptions);

/** Whether other processes can share the tasks. The service's own Postgres, a file and memory belong to one process. */
export const sharesTasks = ({ STORE, DATABASE_URL }: Environment): boolean =>
  STORE === 'redis' || (STORE === 'postgres' && DATABASE_URL !== undefined && !isSqliteFile(DATABASE_URL));

/** `databaseUrl`: of the database in use, if there is one. */
export function serviceStorage(env: Environment, databaseUrl: string | undefined): ServiceStorage {
  if (env.STORE === 'redis') {
    const { REDIS_URL: url = '', A2A_REDIS_PREFIX: prefix, A2A_REDIS_ACCEPT_LOSS: acceptLoss } = env;
    return { type: 'redis', url, prefix, acceptLoss };
  }
  if (databaseUrl === undefined) return { type: 'memory' };
  const poolSize = env.A2A_POOL_SIZE;
  // sqlite:tasks.db, sqlite:/var/lib/tasks.db and, with slashes that belong to a URL, sqlite:///var/lib/tasks.db
  if (isSqliteFile(databaseUrl)) return { type: 'sqlite', file: databaseUrl.replace(/^sqlite:(\/\/)?/, '') };
  if (!isMysqlUrl(databaseUrl)) return { type: 'postgres', url: databaseUrl, poolSize };
  return { type: databaseUrl.startsWith('mysql:') ? 'mysql' : 'mariadb', url: databaseUrl, poolSize };
}

export function serviceBus(env: Environment): ServiceBus {
  const { STORE, REDIS_URL: url, A2A_REDIS_PREFIX: prefix = REDIS_DEFAULTS.prefix } = env;
  if (!sharesTasks(env)) return { type: 'in-process' };
  if (url === undefined) return { type: 'default' };
  return { type: 'redis', url, ...(STORE === 'redis' && { channel: `${prefix}:wake` }) };
}
