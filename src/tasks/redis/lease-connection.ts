import { type LeaseConnection, leaseSource, type LeaseSource } from '../lease-connection.interface.js';
import { loadRedis } from './load-redis.js';
import { RedisConnection, type RedisConnectionOptions } from './redis-connection.js';
import { RENEW } from './scripts/replica.scripts.js';

type Settings = Omit<RedisConnectionOptions, 'outages'>;

/** The connections of the main thread report outages. */
const SILENT = { away: () => undefined, back: () => undefined };

export async function connectLeases(settings: unknown): Promise<LeaseConnection> {
  const Client = await loadRedis("The storage 'redis'");
  const connection = new RedisConnection(Client, { ...(settings as Settings), outages: SILENT });
  return {
    renew: async (replicaId, leaseMs) => (await connection.run<number>(RENEW, replicaId, leaseMs)) === 1,
    close: () => connection.close(),
  };
}

export const redisLeases = (settings: Settings): LeaseSource | undefined =>
  leaseSource(new URL('./lease-connection.js', import.meta.url), settings);
