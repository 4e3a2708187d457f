import { definedOptions } from '../../common/number-options.js';
import type { NamedStorage } from '../../storage/named.storage.js';
import { databaseOf } from '../../storage/database-url.js';
import { REDIS_DEFAULTS } from '../../tasks/redis/redis-stores.options.js';
import type { RedisBusOptions } from '../../events/bus/redis.bus.js';
import type { Environment } from './environment.js';

/** 'default': what the storage brings. */
export type ServiceBus = { readonly type: 'in-process' | 'default' } | ({ readonly type: 'redis' } & RedisBusOptions);

/** Whether other processes can share the tasks. The service's own Postgres, a file and memory belong to one process. */
export const sharesTasks = ({ STORE, DATABASE_URL }: Environment): boolean =>
  STORE === 'redis' ||
  (STORE === 'postgres' && DATABASE_URL !== undefined && databaseOf(DATABASE_URL)?.type !== 'sqlite');

/** `databaseUrl`: of the database in use, if there is one. */
export function serviceStorage(env: Environment, databaseUrl: string | undefined): NamedStorage {
  if (env.STORE === 'redis') {
    const { REDIS_URL: url = '', A2A_REDIS_PREFIX: prefix, A2A_REDIS_ACCEPT_LOSS: acceptLoss } = env;
    return { type: 'redis', url, prefix, acceptLoss };
  }
  const database = databaseUrl === undefined ? undefined : databaseOf(databaseUrl);
  if (database === undefined) return { type: 'memory' };
  const migrations = definedOptions({ migrations: env.A2A_MIGRATIONS });
  return database.type === 'sqlite'
    ? { ...database, ...migrations }
    : { ...database, poolSize: env.A2A_POOL_SIZE, ...migrations };
}

export function serviceBus(env: Environment): ServiceBus {
  const { STORE, REDIS_URL: url, A2A_REDIS_PREFIX: prefix = REDIS_DEFAULTS.prefix } = env;
  if (!sharesTasks(env)) return { type: 'in-process' };
  if (url === undefined) return { type: 'default' };
  return { type: 'redis', url, ...(STORE === 'redis' && { channel: `${prefix}:wake` }) };
}
