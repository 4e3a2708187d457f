import type { A2aBus } from './a2a-bus.interface.js';
import { DEFAULT_REDIS_CHANNEL, RedisCarrier } from './redis.carrier.js';
import { RelayedEventBus } from './relayed.event-bus.js';

/** Options of `redisBus`. */
export interface RedisBusOptions {
  /** `redis://user:password@host:6379`, or `rediss://…` with TLS. */
  readonly url: string;
  /** Default 'a2a:wake'. Applications that share a Redis can each use their own. */
  readonly channel?: string;
}

/** Publish/subscribe of Redis, which needs no persistence. Needs the optional package ioredis 5. Throws TypeError. */
export function redisBus({ url, channel = DEFAULT_REDIS_CHANNEL }: RedisBusOptions): A2aBus {
  if (typeof url !== 'string' || !/^rediss?:\/\//.test(url) || !URL.canParse(url)) {
    throw new TypeError("The bus 'redis' needs a url, like redisBus({ url: 'redis://user:password@host:6379' }).");
  }
  if (typeof channel !== 'string' || channel === '') {
    throw new TypeError("The channel of the bus 'redis' must be a name that is not empty.");
  }
  const open = async (): Promise<RelayedEventBus> => new RelayedEventBus(await RedisCarrier.create(url, channel));
  return { name: 'redis', shared: true, open };
}
