import type { A2aModuleOptions } from '../../a2a.options.js';
import type { Environment } from './environment.js';

/** Whether other processes may have the same tasks: a Postgres of the service's own is that of one process. */
export const sharesTasks = ({ STORE, DATABASE_URL }: Environment): boolean =>
  STORE === 'redis' || (STORE === 'postgres' && DATABASE_URL !== undefined);

/** `databaseUrl`: of the Postgres in use, if one is. */
export function storageOptions(env: Environment, databaseUrl: string | undefined): A2aModuleOptions['storage'] {
  if (env.STORE === 'redis') {
    const { REDIS_URL: url = '', A2A_REDIS_PREFIX: prefix, A2A_REDIS_ACCEPT_LOSS: acceptLoss } = env;
    return { type: 'redis', url, prefix, acceptLoss };
  }
  if (databaseUrl === undefined) return { type: 'memory' };
  return { type: 'postgres', url: databaseUrl, poolSize: env.A2A_POOL_SIZE };
}

export function serviceBus(env: Environment): A2aModuleOptions['bus'] {
  const { STORE, REDIS_URL: url, A2A_REDIS_PREFIX: prefix, A2A_POLL_MS: pollMs } = env;
  if (!sharesTasks(env)) return { type: 'in-process', pollMs };
  if (url === undefined) return { type: 'postgres', pollMs };
  return { type: 'redis', url, pollMs, ...(STORE === 'redis' && { channel: `${prefix}:wake` }) };
}
