import { redisBus } from '../events/bus/redis.bus.js';
import { isKeyPrefix, REDIS_DEFAULTS } from '../tasks/redis/redis-stores.options.js';
import type { A2aStorage, OpenStorage, StorageContext } from './a2a-storage.interface.js';
import { checkUrl } from './check-url.js';

/** Options of `redisStorage`. */
export interface RedisStorageOptions {
  /** `redis://user:password@host:6379`, or `rediss://…` with TLS. */
  readonly url: string;
  /** What all keys begin with, in braces. Default 'a2a'. Applications that share a Redis have one each. */
  readonly prefix?: string;
  /** Start although the server keeps no append-only file or evicts keys, so that tasks may be lost. Default false. */
  readonly acceptLoss?: boolean;
}

/**
 * Tasks in a Redis 7 or newer that writes an append-only file. Takes the optional package ioredis 5. Processes tell each other of
 * new events over the same Redis. Throws TypeError for options that make no sense.
 */
export function redisStorage({ url, prefix = REDIS_DEFAULTS.prefix, acceptLoss }: RedisStorageOptions): A2aStorage {
  checkUrl(url, /^rediss?:\/\//, "redisStorage({ url: 'redis://user:password@host:6379' })");
  if (typeof prefix !== 'string' || !isKeyPrefix(prefix)) {
    throw new TypeError(
      `redisStorage: prefix must be a name of 1 to 64 letters, digits and - . _ :, but is ${JSON.stringify(prefix)}.`,
    );
  }
  const bus = redisBus({ url, channel: `${prefix}:wake` });
  const open = async ({ commitAttempted }: StorageContext): Promise<OpenStorage> => {
    const { openRedisStores } = await import('../tasks/redis/open-stores.js');
    const stores = await openRedisStores(url, { prefix, acceptLoss, commitAttempted });
    return { ...stores, bus, flush: () => stores.tasks.close() };
  };
  return { name: 'redis', shared: true, open };
}
