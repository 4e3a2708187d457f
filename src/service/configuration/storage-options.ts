import type { A2aModuleOptions } from '../../a2a.options.js';
import { REDIS_DEFAULTS } from '../../tasks/redis/redis-stores.options.js';
import type { Environment } from './environment.js';
import { isMysqlUrl, isSqliteFile } from './values.js';

/** Whether other processes can share the tasks. The service's own Postgres, a file and memory belong to one process. */
export const sharesTasks = ({ STORE, DATABASE_URL }: Environment): boolean =>
  STORE === 'redis' || (STORE === 'postgres' && DATABASE_URL !== undefined && !isSqliteFile(DATABASE_URL));

/** `databaseUrl`: of the database in use, if there is one. */
export function storageOptions(env: Environment, databaseUrl: string | undefined): A2aModuleOptions['storage'] {
  if (env.STORE === 'redis') {
    const { REDIS_URL: url = '', A2A_REDIS_PREFIX: prefix, A2A_REDIS_ACCEPT_LOSS: acceptLoss } = env;
    return { type: 'redis', url, prefix, acceptLoss };
  }
  if (databaseUrl === undefined) return { type: 'memory' };
  const poolSize = env.A2A_POOL_SIZE;
  // sqlite:tasks.db, sqlite:/var/lib/tasks.db and, with slashes that belong to a URL, sqlite:///var/lib/tasks.db
  if (isSqliteFile(databaseUrl)) return { type: 'better-sqlite3', file: databaseUrl.replace(/^sqlite:(\/\/)?/, '') };
  if (!isMysqlUrl(databaseUrl)) return { type: 'postgres', url: databaseUrl, poolSize };
  return { type: databaseUrl.startsWith('mysql:') ? 'mysql' : 'mariadb', url: databaseUrl, poolSize };
}

export function serviceBus(env: Environment): A2aModuleOptions['bus'] {
  const { STORE, DATABASE_URL = '', REDIS_URL: url, A2A_POLL_MS: pollMs } = env;
  const { A2A_REDIS_PREFIX: prefix = REDIS_DEFAULTS.prefix } = env;
  if (!sharesTasks(env)) return { type: 'in-process', pollMs };
  if (url === undefined) return { type: isMysqlUrl(DATABASE_URL) ? 'in-process' : 'postgres', pollMs };
  return { type: 'redis', url, pollMs, ...(STORE === 'redis' && { channel: `${prefix}:wake` }) };
}
